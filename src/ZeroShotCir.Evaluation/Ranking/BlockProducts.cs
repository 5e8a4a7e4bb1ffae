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
    private float[] _vectors = [];

    /// <summary>Multiplies the vectors of a block of queries with the gallery.</summary>
    /// <param name="block">The queries.</param>
    public void Multiply(ReadOnlySpan<int> block)
    {
        for (int path = 0; path < paths.Count; path++)
        {
            // The vectors of all channels at once, so that the gallery comes from memory once.
            int dimensions = paths[path].Gallery.Dimensions, count = 0;
            Array.Resize(ref _vectors, channels.Length * queries * dimensions);
            for (int channel = 0; channel < channels.Length; channel++)
            {
                if (paths[path].Vectors.Units(channels[channel]) is { } units)
                {
                    count += CopyDistinct(units, block, count, _rows.AsSpan(((path * channels.Length) + channel) * queries, block.Length));
                }
            }

            // No query of a block need have anything on a path, such as a caption at its position.
            if (count == 0)
            {
                continue;
            }

            paths[path].Gallery.Compute(EmbeddingMatrix.Wrap(_vectors.AsMemory(0, count * dimensions), dimensions), _products[path].AsSpan(0, count * gallery));
        }
    }

    /// <summary>The row of one query.</summary>
    public ReadOnlySpan<float> Row(int path, int channel, int query) => Path(path).Slice(Offset(path, channel, query), gallery);

    /// <summary>All rows of a path.</summary>
    public ReadOnlySpan<float> Path(int path) => _products[path];

    /// <summary>Where a query's row begins among those of its path.</summary>
    public int Offset(int path, int channel, int query) => _rows[(((path * channels.Length) + channel) * queries) + query] * gallery;

    // Gives how many there are.
    private int CopyDistinct(EmbeddingMatrix units, ReadOnlySpan<int> block, int first, Span<int> rows)
    {
        int next = first;
        for (int i = 0; i < block.Length; i++)
        {
            ReadOnlySpan<float> vector = units[block[i]];
            if (i == 0 || !vector.SequenceEqual(units[block[i - 1]]))
            {
                vector.CopyTo(_vectors.AsSpan(next * units.Dimensions, units.Dimensions));
                next++;
            }

            rows[i] = next - 1;
        }

        return next - first;
    }
}
