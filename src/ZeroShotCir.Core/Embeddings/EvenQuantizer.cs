using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Embeddings;

/// <summary>−7½, −6½ … 7½: best for numbers of which none is more frequent, such as what a finer rounding leaves.</summary>
internal readonly struct EvenQuantizer : IPlaneQuantizer
{
    /// <summary>What lies between a value and its code.</summary>
    public const float Center = 7.5f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Nearest(Vector256<float> numbers) => Steps(numbers) - Vector256.Create(Center);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes(Vector256<float> numbers) => Vector256.ConvertToInt32(Steps(numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Steps(Vector256<float> numbers)
        => Vector256.Min(Vector256.Max(Vector256.Floor(numbers + Vector256.Create(Center + 0.5f)), Vector256<float>.Zero), Vector256.Create(15f));
}
