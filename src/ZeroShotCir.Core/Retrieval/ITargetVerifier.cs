using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Looks at an image that was found and says how well it fits the query: slower and closer than any embedding, so for the first few.</summary>
/// <remarks>Implementations serve concurrent callers. As an <see cref="ITargetReranker"/> it judges every image for itself.</remarks>
public interface ITargetVerifier : ITargetReranker
{
    /// <summary>Identifies the verifier, its weights and its prompt, so that stored verdicts can be matched with their origin.</summary>
    string VerifierId { get; }

    /// <summary>Judges one image.</summary>
    /// <param name="query">
    /// The query: its <see cref="ComposedQuery.Text"/>, and of the reference whatever is there of <see cref="ComposedQuery.Image"/> and
    /// <see cref="ComposedQuery.ReferenceCaptions"/>.
    /// </param>
    /// <param name="candidate">The image that was found.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>How well it fits, from 0 (not at all) to 1 (entirely).</returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    string ITargetReranker.RerankerId => VerifierId;

    /// <inheritdoc/>
    ValueTask<IReadOnlyList<RerankedCandidate>> ITargetReranker.RerankAsync(
        ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken)
        => TargetVerifierExtensions.RerankAsync(this, query, candidates, cancellationToken);
}
