namespace ZeroShotCir.Onnx.Execution;

/// <summary>The hardware backend that runs a graph.</summary>
/// <remarks>All but <see cref="Cpu"/> need a native package of their own; the application references exactly one.</remarks>
public enum ExecutionProvider
{
    /// <summary>The processor; in every native package.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs; package <c>Microsoft.ML.OnnxRuntime.Gpu</c>, with CUDA and cuDNN installed.</summary>
    Cuda,

    /// <summary>Any DirectX 12 GPU on Windows; package <c>Microsoft.ML.OnnxRuntime.DirectML</c>. Runs of one session take turns.</summary>
    DirectMl,

    /// <summary>Apple devices; package <c>Microsoft.ML.OnnxRuntime</c> on macOS and iOS.</summary>
    CoreMl,

    /// <summary>Intel processors, GPUs and NPUs; package <c>Intel.ML.OnnxRuntime.OpenVino</c>.</summary>
    OpenVino,

    /// <summary>XNNPACK kernels for ARM and WebAssembly; package <c>Microsoft.ML.OnnxRuntime</c> on Android and iOS.</summary>
    Xnnpack,
}
