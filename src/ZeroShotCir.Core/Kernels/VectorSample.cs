using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>
/// Vectors spread evenly over many. Those that no bound holds for are left zero: they say nothing about the others, and their products need
/// not be numbers.
/// </summary>
internal static class VectorSample
{
    /// <summary>Takes rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="sample">Receives as many as it has room for.</param>
    /// <param name="between">Whether to take those that lie between the ones that are taken otherwise.</param>
    public static void Take(IndexRows rows, Span<float> sample, bool between)
    {
        int dimensions = rows.Dimensions, count = sample.Length / dimensions;
        for (int i = 0; i < count; i++)
        {
            int ordinal = (int)(((2L * i) + (between ? 1 : 0)) * rows.Count / (2L * count));
            Copy(MemoryMarshal.CreateReadOnlySpan(in rows.Row(ordinal), dimensions), sample.Slice(i * dimensions, dimensions));
        }
    }

    /// <summary>Takes vectors that stand one after the other.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="dimensions">The number of components of each.</param>
    /// <param name="sample">Receives as many as it has room for.</param>
    public static void Take(ReadOnlySpan<float> vectors, int dimensions, Span<float> sample)
    {
        int all = vectors.Length / dimensions, count = sample.Length / dimensions;
        for (int i = 0; i < count; i++)
        {
            Copy(vectors.Slice((int)((long)i * all / count) * dimensions, dimensions), sample.Slice(i * dimensions, dimensions));
        }
    }

    private static void Copy(ReadOnlySpan<float> vector, Span<float> sampled)
    {
        if (PanelScaling.For(vector).IsBounded)
        {
            vector.CopyTo(sampled);
        }
        else
        {
            sampled.Clear();
        }
    }
}
