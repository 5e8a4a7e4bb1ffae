using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Tests.Execution;

public sealed class OnnxExecutionOptionsTests
{
    [Fact]
    public void Options_refuse_values_that_mean_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExecutionOptions { Provider = (ExecutionProvider)99 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExecutionOptions { Optimization = (GraphOptimization)99 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExecutionOptions { Threads = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExecutionOptions { InterOpThreads = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExecutionOptions { DeviceId = -1 });
        Assert.Throws<ArgumentException>(() => new OnnxExecutionOptions { OptimizedGraphCache = " " });
    }
}
