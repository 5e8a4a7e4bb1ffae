using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>The vectors of one query that are compared with the items: those of its terms, or those that a strategy derives from them.</summary>
public sealed class ComposedVectors
{
    private readonly Memory<float> _values;
    private readonly bool[] _isLeftOut;
    private readonly float[] _shifts;

    internal ComposedVectors(int count, int dimensions)
    {
        Matrix = EmbeddingMatrix.Allocate(count, dimensions, out _values);
        _isLeftOut = new bool[count];
        _shifts = new float[count];
    }

    /// <summary>The number of vectors.</summary>
    public int Count => Matrix.Rows;

    /// <summary>A vector, to be written.</summary>
    /// <param name="vector">Its position.</param>
    public Span<float> this[int vector] => _values.Span.Slice(vector * Matrix.Dimensions, Matrix.Dimensions);

    /// <summary>The vectors as rows; zeros where one is left out.</summary>
    internal EmbeddingMatrix Matrix { get; }

    /// <summary>What is added to the similarities of each vector.</summary>
    internal ReadOnlySpan<float> Shifts => _shifts;

    /// <summary>Says that the query does not have a vector: its row of similarities is then empty.</summary>
    /// <param name="vector">Its position.</param>
    public void LeaveOut(int vector) => _isLeftOut[vector] = true;

    /// <summary>Gives a number that belongs to the similarities of a vector, such as what a center taken off the items would change.</summary>
    /// <param name="vector">Its position.</param>
    /// <param name="shift">The number, which <see cref="SimilarityRows.ShiftOf"/> hands to the strategy.</param>
    public void Shift(int vector, double shift) => _shifts[vector] = (float)shift;

    internal bool Has(int vector) => !_isLeftOut[vector];
}
