using System.Globalization;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>A verifier that never asks twice: verdicts come from a <see cref="CaptionStore"/> where it has them, and go there where not.</summary>
/// <remarks>
/// A verdict is stored as one number in the place of captions, under the content of query and image and under who was asked how.
/// Thread-safe. Failures are recorded in the store and passed on; asking again tries again.
/// </remarks>
public sealed class StoredTargetVerifier : ITargetVerifier
{
    private readonly ITargetVerifier _verifier;
    private readonly CaptionStore _store;
    private readonly StoredAnswers _answers;

    /// <summary>Puts a store before a verifier.</summary>
    /// <param name="verifier">Who is asked.</param>
    /// <param name="store">Where verdicts are kept; stays the caller's to dispose.</param>
    public StoredTargetVerifier(ITargetVerifier verifier, CaptionStore store)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(store);
        _verifier = verifier;
        _store = store;
        _answers = new StoredAnswers(store);
    }

    /// <inheritdoc/>
    public string VerifierId => _verifier.VerifierId;

    /// <summary>How often the verifier was asked and answered.</summary>
    public int Verified => _answers.Asked;

    /// <summary>How often the store had the verdict.</summary>
    public int Reused => _answers.Reused;

    /// <summary>Whether the last attempt to get the verdict on a pair failed, in this run or an earlier one.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidate">The image.</param>
    /// <returns>Whether the store holds a failure and no verdict.</returns>
    public bool HasFailed(ComposedQuery query, ImageData candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return _store.HasFailed(QueryHash.Of(query, candidate), VerifierId);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidCaptionFileException">What is stored is no number from 0 to 1.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="CaptionStore.Add"/> says; ask no more.</exception>
    public async ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        string hash = QueryHash.Of(query, candidate);
        IReadOnlyList<string> verdict = await _answers.GetAsync(hash, hash, VerifierId, AskAsync, cancellationToken).ConfigureAwait(false);
        return double.TryParse(verdict[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double fit) && fit is >= 0 and <= 1
            ? fit
            : throw new InvalidCaptionFileException($"The verdict {hash} in '{_store.Path}' is \"{verdict[0]}\", expected a number from 0 to 1. Delete that line.");

        async ValueTask<IReadOnlyList<string>> AskAsync(CancellationToken token)
            => [(await _verifier.VerifyAsync(query, candidate, token).ConfigureAwait(false)).ToString("R", CultureInfo.InvariantCulture)];
    }
}
