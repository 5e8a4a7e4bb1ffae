using System.Collections.Concurrent;
using System.Globalization;
using ZeroShotCir.Answers;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// A describer that never asks twice: descriptions belong to the content of a query (text, image, captions) and to who was asked how.
/// </summary>
/// <remarks>Thread-safe, as <see cref="StoredAnswers{TQuestion}"/> is.</remarks>
public sealed class StoredTargetDescriber : ITargetDescriber
{
    private readonly ITargetDescriber _describer;
    private readonly AnswerStore _store;
    private readonly ConcurrentDictionary<int, StoredAnswers<ComposedQuery>> _answers = new();

    /// <summary>Puts a store before a describer.</summary>
    /// <param name="describer">Who is asked.</param>
    /// <param name="store">Where descriptions are kept; stays the caller's to dispose.</param>
    public StoredTargetDescriber(ITargetDescriber describer, AnswerStore store)
    {
        ArgumentNullException.ThrowIfNull(describer);
        ArgumentNullException.ThrowIfNull(store);
        _describer = describer;
        _store = store;
    }

    /// <inheritdoc/>
    public string DescriberId => _describer.DescriberId;

    /// <summary>The descriptions that are asked for in one way, for an <see cref="AnswerRunner{TQuestion}"/>.</summary>
    /// <param name="count">How many descriptions of each target; at least 1.</param>
    /// <returns>The same object for the same number.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public StoredAnswers<ComposedQuery> Answers(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _answers.GetOrAdd(count, _ => new StoredAnswers<ComposedQuery>(
            _store,
            count == 1 ? DescriberId : string.Create(CultureInfo.InvariantCulture, $"{DescriberId} count={count}"),
            query => QueryHash.Compute(query),
            (query, token) => _describer.DescribeAsync(query, count, token)));
    }

    /// <summary>Describes the target of one query, whose id is the hash of its content.</summary>
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
        => Answers(count).AskAsync(query, cancellationToken);
}
