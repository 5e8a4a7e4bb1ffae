using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>Makes one query embedding from a reference image and a modification text.</summary>
/// <remarks>Implementations are immutable and serve concurrent callers.</remarks>
public interface IQueryFusion
{
    /// <summary>Fuses two embeddings of one space.</summary>
    /// <param name="image">The embedding of the reference image.</param>
    /// <param name="text">The embedding of the modification text; as long as <paramref name="image"/>.</param>
    /// <param name="query">Receives the query, of unit length; as long as <paramref name="image"/>. May be the memory of an input.</param>
    /// <exception cref="InvalidEmbeddingException">
    /// An input is not finite, dimensions differ or are 0, or the result has no direction.
    /// </exception>
    void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query);
}
