using System.Numerics.Tensors;

namespace ZeroShotCir.Composition;

/// <summary>The element-wise product of the two directions: keeps the components that both share.</summary>
internal sealed class HadamardProduct(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override int DerivedVectors => 1;

    protected internal override void Derive(TermSet terms, Span<float> vectors)
    {
        float[] text = new float[terms.Dimensions];
        terms.CopyDirection(TermRole.Text, text);
        terms.CopyDirection(TermRole.Image, vectors);
        TensorPrimitives.Multiply(vectors, text, vectors);
    }

    protected internal override void Weigh(TermGeometry terms, Span<double> weights) => weights[0] = 1;
}
