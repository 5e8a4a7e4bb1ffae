using System.Numerics.Tensors;

namespace ZeroShotCir.Composition;

/// <summary>The element-wise product of the two directions: keeps the components that both share.</summary>
internal sealed class HadamardProduct(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool DerivesVectors => true;

    protected internal override int CountVectors(TermSet terms) => 1;

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        float[] text = new float[terms.Dimensions];
        terms.CopyDirection(TermRole.Text, text);
        terms.CopyDirection(TermRole.Image, vectors[0]);
        TensorPrimitives.Multiply(vectors[0], text, vectors[0]);
    }

    protected internal override void Weigh(TermGeometry terms, Span<double> weights) => weights[0] = 1;
}
