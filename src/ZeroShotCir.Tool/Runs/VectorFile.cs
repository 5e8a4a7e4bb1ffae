using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tool.Runs;

/// <summary>A file of raw little-endian float32 vectors, one after the other.</summary>
internal static class VectorFile
{
    // A span counts bytes in an int, so that larger files come in several reads.
    private const int ValuesAtOnce = 1 << 24;
    private static readonly long MostValues = Array.MaxLength - 64;

    /// <exception cref="InvalidEmbeddingException">The file cannot be read, or is not a whole number of vectors, or holds more than fit into memory at once.</exception>
    public static EmbeddingMatrix Read(FileInfo file, int dimensions)
    {
        try
        {
            using FileStream stream = file.OpenRead();
            long rowBytes = (long)dimensions * sizeof(float);
            (long rows, long rest) = Math.DivRem(stream.Length, rowBytes);
            if (rest != 0)
            {
                throw new InvalidEmbeddingException(FormattableString.Invariant(
                    $"'{file}' has {stream.Length} bytes, expected a multiple of {rowBytes}: {dimensions} float32 numbers per vector. ")
                    + "Check --dim, or whether the file is complete.");
            }

            if (stream.Length / sizeof(float) > MostValues)
            {
                throw new InvalidEmbeddingException(FormattableString.Invariant(
                    $"'{file}' holds {stream.Length / sizeof(float)} numbers, more than the {MostValues} that are read of a file. Split it; a gallery on disk may be larger."));
            }

            return Read(stream, (int)rows, dimensions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidEmbeddingException($"The vectors '{file}' cannot be read: {e.Message}", e);
        }
    }

    private static EmbeddingMatrix Read(FileStream stream, int rows, int dimensions)
    {
        EmbeddingMatrix vectors = EmbeddingMatrix.Allocate(rows, dimensions, out Memory<float> values);
        for (int start = 0; start < values.Length; start += Math.Min(ValuesAtOnce, values.Length - start))
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values.Span.Slice(start, Math.Min(ValuesAtOnce, values.Length - start))));
        }

        return vectors;
    }
}
