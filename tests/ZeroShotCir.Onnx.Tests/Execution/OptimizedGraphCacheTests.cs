using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Execution;

public sealed class OptimizedGraphCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 2_000_000_001, false)]
    [InlineData(false, 2_000_000_001, false)]
    [InlineData(false, 1_000, true)]
    public void What_is_too_large_for_one_file_is_loaded_without_the_cache(bool byStamp, long length, bool isKept)
    {
        string path = _folder.Of("small.onnx"), weights = _folder.Of("weights.bin"), cache = _folder.Of("cache");
        new OnnxGraph().Input("x", TensorElementType.Float, "rows", 4).Output("y", TensorElementType.Float, "rows", 4).Node("Relu", ["x"], "y").Save(path);
        using (FileStream file = new(weights, FileMode.CreateNew))
        {
            file.SetLength(length); // Of nothing: it takes no room on the disk.
        }

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(weights, DateTime.UtcNow.AddHours(-1));
        OnnxExecutionOptions options = new() { OptimizedGraphCache = cache, OptimizedGraphCacheByStamp = byStamp };

        using OnnxSession session = OnnxSession.Open(path, options, [weights]);

        Assert.Equal(isKept, Directory.Exists(cache));
    }
}
