using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests;

/// <summary>Reads files of raw little-endian float32 rows.</summary>
internal static class GoldenFloats
{
    public static EmbeddingMatrix Matrix(string path, int dimensions)
        => EmbeddingMatrix.Wrap(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray(), dimensions);
}
