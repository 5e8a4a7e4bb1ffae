using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Resampling;

/// <summary>A processor without vector registers: everything goes the scalar way.</summary>
internal readonly struct NoRegisters : ISixteenSums<NoRegisters>
{
    public static bool IsSupported => false;

    public static NoRegisters Create(int value) => throw new NotSupportedException();

    public static NoRegisters MultiplyAdd(NoRegisters sums, ref readonly byte source, int weight) => throw new NotSupportedException();

    public static void Store(NoRegisters sums, ref byte destination) => throw new NotSupportedException();
}
