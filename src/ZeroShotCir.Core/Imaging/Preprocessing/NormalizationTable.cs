using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>What every byte of every channel becomes when it is rescaled and normalized.</summary>
internal sealed class NormalizationTable
{
    private const int Values = 256;
    private readonly float[] _values = new float[3 * Values];

    /// <summary>Carries out the operations once for every byte, in float32 and in torchvision's order.</summary>
    public NormalizationTable(double factor, RgbValues mean, RgbValues std)
    {
        for (int i = 0; i < Values; i++)
        {
            float value = (float)(i * factor);
            _values[i] = (value - mean.Red) / std.Red;
            _values[Values + i] = (value - mean.Green) / std.Green;
            _values[(2 * Values) + i] = (value - mean.Blue) / std.Blue;
        }
    }

    /// <summary>Looks interleaved pixels up and writes them as three planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> planes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(planes.Length, pixels.Length);
        int plane = pixels.Length / 3;

        // A byte cannot leave its table; saying so to the compiler takes references instead of spans.
        ref float red = ref MemoryMarshal.GetArrayDataReference(_values);
        ref float green = ref Unsafe.Add(ref red, Values);
        ref float blue = ref Unsafe.Add(ref red, 2 * Values);
        ref byte pixel = ref MemoryMarshal.GetReference(pixels);
        ref float destination = ref MemoryMarshal.GetReference(planes);
        for (nint i = 0; i < plane; i++)
        {
            Unsafe.Add(ref destination, i) = Unsafe.Add(ref red, Unsafe.Add(ref pixel, 3 * i));
            Unsafe.Add(ref destination, plane + i) = Unsafe.Add(ref green, Unsafe.Add(ref pixel, (3 * i) + 1));
            Unsafe.Add(ref destination, (2 * (nint)plane) + i) = Unsafe.Add(ref blue, Unsafe.Add(ref pixel, (3 * i) + 2));
        }
    }
}
