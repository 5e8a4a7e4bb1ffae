using System.Globalization;
using ZeroShotCir.Captions;

namespace ZeroShotCir.Retrieval;

/// <summary>A describer that never asks twice: answers come from a <see cref="CaptionStore"/> where it has them, and go there where not.</summary>
/// <remarks>
/// An answer belongs to the content of the query (text, image, captions) and to who was asked how. Thread-safe. Callers that ask about the
/// same query at the same time wait for one answer. Failures are recorded in the store and passed on; asking again tries again.
/// </remarks>
public sealed class StoredTargetDescriber : ITargetDescriber
{
    private readonly ITargetDescriber _describer;
    private readonly StoredAnswers _answers;

    /// <summary>Puts a store before a describer.</summary>
    /// <param name="describer">Who is asked.</param>
    /// <param name="store">Where answers are kept; stays the caller's to dispose.</param>
    public StoredTargetDescriber(ITargetDescriber describer, CaptionStore store)
    {
        ArgumentNullException.ThrowIfNull(describer);
        ArgumentNullException.ThrowIfNull(store);
        _describer = describer;
        _answers = new StoredAnswers(store);
        Store = store;
    }

    /// <inheritdoc/>
    public string DescriberId => _describer.DescriberId;

    /// <summary>Where answers are kept.</summary>
    public CaptionStore Store { get; }

    /// <summary>How often the describer was asked and answered.</summary>
    public int Described => _answers.Asked;

    /// <summary>How often the store had the answer.</summary>
    public int Reused => _answers.Reused;

    /// <summary>Describes the target of one query, whose id is the hash of its content.</summary>
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
        => DescribeAsync(QueryHash.Of(query), query, count, cancellationToken);

    /// <summary>Describes the target of one query.</summary>
    /// <param name="id">The id under which the answer is stored, beside the hash of the query's content.</param>
    /// <param name="query">The query.</param>
    /// <param name="count">How many descriptions; at least 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The descriptions.</returns>
    /// <exception cref="ZeroShotCirException">The describer failed; the failure is in the store.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="CaptionStore.Add"/> says; ask no more.</exception>
    public ValueTask<IReadOnlyList<string>> DescribeAsync(string id, ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _answers.GetAsync(id, QueryHash.Of(query), Key(count), token => _describer.DescribeAsync(query, count, token), cancellationToken);
    }

    /// <summary>Describes the targets of many queries, several at a time; running it again goes on where it stopped, however it stopped.</summary>
    /// <remarks>A finished run leaves the store in the order of the queries. Not for concurrent use.</remarks>
    /// <param name="ids">The ids of the queries, unique.</param>
    /// <param name="query">Gives a query by its position when its turn comes.</param>
    /// <param name="count">How many descriptions of each; at least 1.</param>
    /// <param name="options">How to run; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops asking; what was answered is stored.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="IOException">The disk is full; nothing more was asked then.</exception>
    public async Task<CaptionRunResult> DescribeAsync(
        IReadOnlyList<string> ids,
        Func<int, ComposedQuery> query,
        int count = 1,
        CaptionRunnerOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(query);
        (int described, int reused) = (Described, Reused);
        StoredBatch batch = new(Store, options ?? new CaptionRunnerOptions());
        StoredBatch.Outcome outcome = await batch.RunAsync(
            ids, Key(count), async (index, token) => await DescribeAsync(ids[index], query(index), count, token).ConfigureAwait(false), progress, cancellationToken).ConfigureAwait(false);
        Store.Arrange(ids, Key(count));
        return new CaptionRunResult(Described - described, Reused - reused, outcome.Failed, outcome.NotTried, outcome.StoppedBy);
    }

    private string Key(int count)
        => count == 1 ? DescriberId : string.Create(CultureInfo.InvariantCulture, $"{DescriberId} count={count}");
}
