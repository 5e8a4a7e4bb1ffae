using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// The similarities of a block of queries: for each path and channel a row over the gallery of every query. Queries that stand beside each
/// other and have the same vector, such as that of one reference, share its row. Used over and over by one thread.
/// </summary>
/// <param name="paths">The paths.</param>
/// <param name="channels">The channels.</param>
/// <param name="queries">How many queries a block has at most.</param>
/// <param name="gallery">The number of items.</param>
internal sealed class BlockProducts(IReadOnlyList<ScoringPath> paths, VectorChannel[] channels, int queries, int gallery)
{
    private readonly float[][] _products = [.. paths.Select(_ => new float[channels.Length * queries * gallery])];
    private readonly int[] _rows = new int[paths.Count * channels.Length * queries];

    /// <summary>Multiplies the vectors of a block of queries with the gallery.</summary>
    /// <param name="block">The queries.</param>
    public void Multiply(ReadOnlySpan<int> block)
    {
        for (int path = 0; path < paths.Count; path++)
        {
            for (int channel = 0; channel < channels.Length; channel++)
            {
                if (paths[path].Vectors.Units(channels[channel]) is { } vectors)
                {
                    EmbeddingMatrix distinct = Distinct(vectors, block, _rows.AsSpan(((path * channels.Length) + channel) * queries, block.Length));
                    paths[path].Gallery.Compute(distinct, _products[path].AsSpan(channel * queries * gallery, distinct.Rows * gallery));
                }
            }
        }
    }

    /// <summary>The row of one query.</summary>
    public ReadOnlySpan<float> Row(int path, int channel, int query) => Path(path).Slice(Offset(path, channel, query), gallery);

    /// <summary>All rows of a path.</summary>
    public ReadOnlySpan<float> Path(int path) => _products[path];

    /// <summary>Where a query's row begins among those of its path.</summary>
    public int Offset(int path, int channel, int query)
        => ((channel * queries) + _rows[(((path * channels.Length) + channel) * queries) + query]) * gallery;

    private static EmbeddingMatrix Distinct(EmbeddingMatrix vectors, ReadOnlySpan<int> block, Span<int> rows)
    {
        int count = 0;
        for (int i = 0; i < block.Length; i++)
        {
            count += i == 0 || !vectors[block[i]].SequenceEqual(vectors[block[i - 1]]) ? 1 : 0;
            rows[i] = count - 1;
        }

        EmbeddingMatrix distinct = EmbeddingMatrix.Allocate(count, vectors.Dimensions, out Memory<float> values);
        for (int i = 0; i < block.Length; i++)
        {
            vectors[block[i]].CopyTo(values.Span.Slice(rows[i] * vectors.Dimensions, vectors.Dimensions));
        }

        return distinct;
    }
}
