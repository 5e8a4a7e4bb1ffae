using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Re-ranks by a verifier.</summary>
public static class TargetVerifierExtensions
{
    /// <summary>Puts the images that fit best first. Among equals the order given stays, so retrieval decides where the verifier does not.</summary>
    /// <param name="verifier">The verifier; it is asked about all candidates at once and limits itself.</param>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The images that were found, best first.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each new place the candidate's position, from 0, and how well it fits, from 0 to 1.</returns>
    public static async ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(
        this ITargetVerifier verifier, ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(candidates);
        double[] fits = await Task.WhenAll(candidates.Select(candidate => verifier.VerifyAsync(query, candidate, cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. fits.Select((fit, position) => new RerankedCandidate(position, fit)).OrderByDescending(candidate => candidate.Fit)];
    }
}
