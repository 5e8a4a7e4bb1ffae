namespace ZeroShotCir.Kernels;

/// <summary>What the kernels are written for; every one runs everywhere, only not as fast, and finds the same.</summary>
internal enum InstructionSet
{
    /// <summary><see cref="System.Numerics.Vector{T}"/>, of whatever width.</summary>
    Portable,

    /// <summary>128 bits: AdvSimd on Arm64, SSE on x64.</summary>
    Vector128,

    /// <summary>256 bits: AVX2.</summary>
    Vector256,

    /// <summary>512 bits: AVX-512.</summary>
    Vector512,
}

/// <summary>Which instruction set this processor is best at.</summary>
internal static class InstructionSetDetection
{
    /// <summary>The widest that the processor has, found once.</summary>
    public static InstructionSet Best { get; } =
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Avx512BW.IsSupported ? InstructionSet.Vector512
        : System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated ? InstructionSet.Vector256
        : System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? InstructionSet.Vector128
        : InstructionSet.Portable;
}
