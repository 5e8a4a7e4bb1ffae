using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>The library that an execution provider could not load, as ONNX Runtime's messages of the loader tell it.</summary>
internal static partial class MissingLibrary
{
    /// <summary>Finds its name.</summary>
    /// <param name="message">A message of ONNX Runtime.</param>
    /// <returns>Such as <c>libcublasLt.so.13</c>; <see langword="null"/> where the message tells of no library.</returns>
    public static string? Find(string message)
    {
        Match linux = Linux().Match(message);
        if (linux.Success)
        {
            return linux.Groups[1].Value;
        }

        Match windows = Windows().Match(message);
        return windows.Success ? windows.Groups[1].Value : null;
    }

    /// <summary>What brings a library.</summary>
    /// <param name="library">Its name.</param>
    public static string SourceOf(string library) => library switch
    {
        _ when library.Contains("cudnn", StringComparison.OrdinalIgnoreCase) => "cuDNN 9",
        _ when library.Contains("nvinfer", StringComparison.OrdinalIgnoreCase) => "TensorRT",
        _ when library.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) => "CUDA and cuDNN, in the versions that docs/gpu.md names, for it needs them",
        _ when CudaVersion().Match(library) is { Success: true } version => $"CUDA {version.Groups[1].Value}",
        _ => "what brings it",
    };

    // "…libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory"
    [GeneratedRegex(@"([\w.+-]+\.so[\w.]*): cannot open shared object file", RegexOptions.CultureInvariant)]
    private static partial Regex Linux();

    // "…LoadLibrary failed with error 126 "" when trying to load "C:\\…\\onnxruntime_providers_cuda.dll"": Windows names the library that needs another one.
    [GeneratedRegex(@"error 126 .*?([\w.+-]+\.dll)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Windows();

    [GeneratedRegex(@"^lib(?:cu|nv)\w*\.so\.(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex CudaVersion();
}
