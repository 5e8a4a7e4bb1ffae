using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Tests.Execution;

public sealed class MissingLibraryTests
{
    [Theory]
    [InlineData(
        "[ONNXRuntimeError] : 1 : FAIL : Failed to load library libonnxruntime_providers_cuda.so with error: "
        + "libcublasLt.so.13: cannot open shared object file: No such file or directory",
        "libcublasLt.so.13",
        "CUDA 13")]
    [InlineData("error: libcudnn.so.9: cannot open shared object file: No such file or directory", "libcudnn.so.9", "cuDNN 9")]
    [InlineData("error: libnvinfer.so.10: cannot open shared object file", "libnvinfer.so.10", "TensorRT")]
    [InlineData("LoadLibrary failed with error 126 \"\" when trying to load \"C:\\app\\onnxruntime_providers_cuda.dll\"", "onnxruntime_providers_cuda.dll", "CUDA and cuDNN")]
    [InlineData("error: libodd.so: cannot open shared object file", "libodd.so", "what brings it")]
    public void The_loaders_message_tells_the_library_and_what_brings_it(string message, string library, string source)
    {
        Assert.Equal(library, MissingLibrary.Find(message));
        Assert.StartsWith(source, MissingLibrary.SourceOf(library), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CUDA execution provider is not enabled in this build.")]
    [InlineData("")]
    public void A_message_of_no_library_tells_none(string message) => Assert.Null(MissingLibrary.Find(message));
}
