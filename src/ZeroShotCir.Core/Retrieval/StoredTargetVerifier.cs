using System.Globalization;
using ZeroShotCir.Answers;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// A verifier that never asks twice: a verdict belongs to the content of query and image and to who was asked. It is stored as one number.
/// </summary>
/// <remarks>Thread-safe, as <see cref="StoredAnswers{TQuestion}"/> is.</remarks>
public sealed class StoredTargetVerifier : ITargetVerifier
{
    private readonly StoredAnswers<Pair> _answers;

    /// <summary>Puts a store before a verifier.</summary>
    /// <param name="verifier">Who is asked.</param>
    /// <param name="store">Where verdicts are kept; stays the caller's to dispose.</param>
    public StoredTargetVerifier(ITargetVerifier verifier, AnswerStore store)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(store);
        VerifierId = verifier.VerifierId;
        _answers = new StoredAnswers<Pair>(store, VerifierId, pair => QueryHash.Compute(pair.Query, pair.Candidate), async (pair, token) =>
            [(await verifier.VerifyAsync(pair.Query, pair.Candidate, token).ConfigureAwait(false)).ToString("R", CultureInfo.InvariantCulture)]);
    }

    /// <inheritdoc/>
    public string VerifierId { get; }

    /// <summary>How often the verifier was asked and answered.</summary>
    public int Asked => _answers.Asked;

    /// <summary>How often the store had the verdict.</summary>
    public int Reused => _answers.Reused;

    /// <summary>Whether the store has the verdict on a pair.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidate">The image.</param>
    /// <returns>Whether asking would cost nothing.</returns>
    public bool IsKnown(ComposedQuery query, ImageData candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return _answers.IsKnown(new Pair(query, candidate));
    }

    /// <summary>Whether the last attempt to get the verdict on a pair failed, in this run or an earlier one.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidate">The image.</param>
    /// <returns>Whether the store holds a failure and no verdict.</returns>
    public bool HasFailed(ComposedQuery query, ImageData candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return _answers.HasFailed(new Pair(query, candidate));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidAnswerStoreException">What is stored is no number from 0 to 1.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="AnswerStore.Add"/> says; ask no more.</exception>
    public async ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        Pair pair = new(query, candidate);
        IReadOnlyList<string> verdict = await _answers.AskAsync(pair, cancellationToken).ConfigureAwait(false);
        return double.TryParse(verdict[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double fit) && fit is >= 0 and <= 1
            ? fit
            : throw new InvalidAnswerStoreException(
                $"The verdict {QueryHash.Compute(query, candidate)} in '{_answers.Store.Path}' is \"{verdict[0]}\", expected a number from 0 to 1. Delete that line.");
    }

    private readonly record struct Pair(ComposedQuery Query, ImageData Candidate);
}
