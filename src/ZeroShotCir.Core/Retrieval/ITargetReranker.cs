using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Looks at the images that were found and puts them into the order of how well they fit the query, all at once.</summary>
/// <remarks>Implementations serve concurrent callers. One that judges each image for itself is an <see cref="ITargetVerifier"/>.</remarks>
public interface ITargetReranker
{
    /// <summary>Identifies the re-ranker, its weights and its prompt, so that stored orders can be matched with their origin.</summary>
    string RerankerId { get; }

    /// <summary>Puts images into a new order.</summary>
    /// <param name="query">
    /// The query: its <see cref="ComposedQuery.Text"/>, and of the reference whatever is there of <see cref="ComposedQuery.Image"/> and
    /// <see cref="ComposedQuery.ReferenceCaptions"/>.
    /// </param>
    /// <param name="candidates">The images that were found, best first.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// For each new place the candidate that has it now; every candidate once. Those of which nothing was said follow the others, in the
    /// order given.
    /// </returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(
        ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken = default);
}
