using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>The checks that every encoder makes of the rows it writes.</summary>
internal static class RowChecks
{
    /// <summary>Throws unless there is room for exactly the rows asked for.</summary>
    public static void CheckDestination(int count, int dimensions, Memory<float> destination)
    {
        if (destination.Length != (long)count * dimensions)
        {
            throw new ArgumentException(
                $"{count} embeddings of {dimensions} components need {(long)count * dimensions} numbers; "
                + $"the destination has {destination.Length}.", nameof(destination));
        }
    }

    /// <summary>Throws when a graph wrote a number that is not finite.</summary>
    public static void ThrowIfNotFinite(ReadOnlySpan<float> row, string what, int index, string? source)
    {
        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(row)))
        {
            EmbeddingGuard.ThrowIfNotFinite(row, $"The embedding of {what} {index}{(source is null ? string.Empty : $" ('{source}')")}");
        }
    }
}
