using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

/// <summary>The vectors of queries and items, as the retriever has them, so that histories work on galleries and stores alike.</summary>
internal sealed class SessionSpace(ComposedImageRetriever retriever)
{
    private static readonly CompositionStrategy ImageAlone = CompositionStrategy.Weighted.WithAlpha(0);
    private static readonly CompositionStrategy TextAlone = CompositionStrategy.Weighted.WithAlpha(1);

    /// <summary>A query that is one vector: filter, left-out items, number of hits and weight of captions stay the turn's.</summary>
    public static ComposedQuery Search(ComposedQuery turn, ReadOnlyMemory<float> vector) => Bare(turn) with { ImageEmbedding = vector, Strategy = ImageAlone };

    /// <summary>A weighted sum, of unit length.</summary>
    public static float[] Sum(IReadOnlyList<(double Weight, ReadOnlyMemory<float> Vector)> terms)
    {
        double[] sum = new double[terms[0].Vector.Length];
        foreach ((double weight, ReadOnlyMemory<float> vector) in terms)
        {
            ReadOnlySpan<float> values = vector.Span;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * values[i];
            }
        }

        return Unit(Array.ConvertAll(sum, value => (float)value));
    }

    /// <summary>The one vector of a query, of unit length.</summary>
    public async ValueTask<float[]> VectorAsync(ComposedQuery query, CancellationToken cancellationToken)
    {
        QueryVectors composed = await retriever.ComposeAsync(query, cancellationToken).ConfigureAwait(false);
        return composed.IsOneVector
            ? Unit(composed.Vectors[0].ToArray())
            : throw new InvalidQueryException(
                "The session's history adds up query vectors, "
                + $"and the strategy '{composed.Strategy.Name}' with the scoring {composed.Scoring} is not one vector. "
                + "Choose a linear strategy with the paper's scoring, or the history 'last-turn', 'mean-of-texts' or 'joined-texts'.");
    }

    /// <summary>The direction of a query's texts; <see langword="null"/> without any.</summary>
    public async ValueTask<float[]?> TextAsync(ComposedQuery query, CancellationToken cancellationToken)
    {
        QueryTerm[] texts = [.. query.Terms.Where(term => term.Role == TermRole.Text)];
        return texts.Length == 0 && string.IsNullOrWhiteSpace(query.Text)
            ? null
            : await VectorAsync(Bare(query) with { Text = query.Text, Terms = texts, Strategy = TextAlone }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The direction of a query's pictures; <see langword="null"/> without any.</summary>
    public async ValueTask<float[]?> ImageAsync(ComposedQuery query, CancellationToken cancellationToken)
    {
        QueryTerm[] images = [.. query.Terms.Where(term => term.Role == TermRole.Image)];
        bool hasImage = query.Image is not null || query.ReferenceId is not null || !query.ImageEmbedding.IsEmpty;
        return images.Length == 0 && !hasImage ? null : await VectorAsync(
            Bare(query) with { Image = query.Image, ReferenceId = query.ReferenceId, ImageEmbedding = query.ImageEmbedding, Terms = images, Strategy = ImageAlone },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The image embeddings of items, of unit length.</summary>
    public async ValueTask<float[][]> RowsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        float[][] rows = new float[ids.Count][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = await VectorAsync(new ComposedQuery { ReferenceId = ids[i], Strategy = ImageAlone }, cancellationToken).ConfigureAwait(false);
        }

        return rows;
    }

    /// <summary>The ids of the first items of a query, nothing left out.</summary>
    public async ValueTask<IReadOnlyList<string>> NearestAsync(ComposedQuery query, int count, CancellationToken cancellationToken)
        => [.. (await retriever.SearchAsync(query with { ExcludedIds = [], MinScore = null, Count = null }, count, cancellationToken).ConfigureAwait(false)).Select(hit => hit.Id)];

    private static ComposedQuery Bare(ComposedQuery query) => query with
    {
        Text = null,
        Image = null,
        ReferenceId = null,
        ImageEmbedding = default,
        ReferenceCaptions = null,
        TargetDescriptions = [],
        Terms = [],
        MustHave = [],
        MustNot = [],
        Expression = null,
        ExcludeReference = false,
        ExcludedIds = query is { ExcludeReference: true, ReferenceId: { } reference } ? [.. query.ExcludedIds.Append(reference).Distinct()] : query.ExcludedIds,
    };

    private static float[] Unit(float[] vector)
    {
        UnitVector.Normalize(vector, vector);
        return vector.AsSpan().ContainsAnyExcept(0f)
            ? vector
            : throw new InvalidEmbeddingException("What the session's turns ask cancels out, so the query has no direction. Take a turn back or choose another history.");
    }
}
