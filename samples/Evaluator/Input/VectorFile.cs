using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluator.Input;

/// <summary>A file of raw little-endian float32 vectors, one after the other.</summary>
internal static class VectorFile
{
    // A span counts bytes in an int, so that larger files come in several reads.
    private const int ValuesAtOnce = 1 << 24;

    public static EmbeddingMatrix Read(FileInfo file, int dimensions)
    {
        using FileStream stream = file.OpenRead();
        long rowBytes = (long)dimensions * sizeof(float);
        (long rows, long rest) = Math.DivRem(stream.Length, rowBytes);
        if (rest != 0)
        {
            throw new InvalidEmbeddingException(FormattableString.Invariant(
                $"'{file}' has {stream.Length} bytes, expected a multiple of {rowBytes}: {dimensions} float32 numbers per vector. Check --dim, or whether the file is complete."));
        }

        EmbeddingMatrix vectors = EmbeddingMatrix.Allocate(checked((int)rows), dimensions, out Memory<float> values);
        for (int start = 0; start < values.Length; start += Math.Min(ValuesAtOnce, values.Length - start))
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values.Span.Slice(start, Math.Min(ValuesAtOnce, values.Length - start))));
        }

        return vectors;
    }
}
