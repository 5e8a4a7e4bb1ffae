namespace ZeroShotCir.Composition;

/// <summary>One term of a <see cref="CompositionExpression"/>.</summary>
public sealed class ExpressionTerm
{
    internal ExpressionTerm(double weight, ExpressionTermKind kind, string value, int number = 0)
    {
        Weight = weight;
        Kind = kind;
        Value = value;
        Number = number;
    }

    /// <summary>Its weight; negative where the term is subtracted.</summary>
    public double Weight { get; }

    /// <summary>What it names.</summary>
    public ExpressionTermKind Kind { get; }

    /// <summary>The text or the path; empty for the query's own images and text.</summary>
    public string Value { get; }

    /// <summary>Which of the query's images, from 1; 0 for other kinds.</summary>
    public int Number { get; }
}
