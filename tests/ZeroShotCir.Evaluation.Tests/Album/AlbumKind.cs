using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests;

/// <summary>Queries of one kind, and how each way of asking them is asked by the library.</summary>
internal abstract class AlbumKind
{
    private static readonly string[] AllNegatives = ["text_only", "reference_only", "excluded", "like_the_negative"];

    protected AlbumKind(AlbumWorld album, string kind, params string[] negatives)
    {
        Album = album;
        Queries = album.Queries(kind);
        Task = new AlbumTask(Queries, negatives.Length > 0 ? negatives : AllNegatives);
    }

    public AlbumTask Task { get; }

    protected AlbumWorld Album { get; }

    protected JsonElement[] Queries { get; }

    /// <summary>Every item's score for every query.</summary>
    public abstract float[][] Score(string strategy, JsonElement setting);

    /// <summary>The queries of a subset; all where there is none.</summary>
    public virtual int[] Rows(string? subset) => [.. Enumerable.Range(0, Queries.Length)];

    protected int[] Where(Func<JsonElement, bool> predicate) => [.. Enumerable.Range(0, Queries.Length).Where(i => predicate(Queries[i]))];

    protected float[] Compose(string strategy, double alpha, TermSet terms) => ((LinearStrategy)StrategyTable.Parse(strategy).WithAlpha(alpha)).Compose(terms);

    protected TermSet Terms(TermRole role, params IEnumerable<float[]> embeddings)
    {
        TermSet terms = Album.Terms();
        foreach (float[] embedding in embeddings)
        {
            terms.Add(role, embedding);
        }

        return terms;
    }

    protected static float[] Mean(IEnumerable<float[]> embeddings)
    {
        EmbeddingMatrix rows = EmbeddingMatrix.FromRows([.. embeddings]);
        float[] mean = new float[rows.Dimensions];
        MeanDirection.Compute(rows, mean);
        return mean;
    }

    protected static string With(string strategy, params (string Name, double Value)[] parameters)
        => $"{strategy}:{string.Join(',', parameters.Select(p => FormattableString.Invariant($"{p.Name}={p.Value}")))}";
}
