namespace ZeroShotCir.Retrieval;

/// <summary>
/// Writes captions of the image that a composed query searches for: the reference as it is after the change that the text asks for.
/// </summary>
/// <remarks>
/// The approach of CIReVL (Karthik et al. 2024, from captions of the reference), OSrCIR (Tang et al. 2025, from the image itself) and LDRE
/// (Yang et al. 2024, several captions whose embeddings are averaged). Implementations serve concurrent callers.
/// </remarks>
public interface ITargetDescriber
{
    /// <summary>Identifies the describer, its weights and its prompt, so that stored descriptions can be matched with their origin.</summary>
    string DescriberId { get; }

    /// <summary>Describes the image that is searched for.</summary>
    /// <param name="query">
    /// The query: its <see cref="ComposedQuery.Text"/>, and of the reference whatever is there of <see cref="ComposedQuery.Image"/> and
    /// <see cref="ComposedQuery.ReferenceCaptions"/>.
    /// </param>
    /// <param name="count">How many descriptions; at least 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The descriptions, nearest to the reference first; as many as asked for unless so many different ones could not be found, never none.</returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    /// <exception cref="Imaging.InvalidImageException">The image cannot be decoded.</exception>
    ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default);
}
