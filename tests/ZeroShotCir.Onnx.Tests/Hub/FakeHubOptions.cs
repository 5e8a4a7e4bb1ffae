using ZeroShotCir.Onnx.Hub;

namespace ZeroShotCir.Tests.Hub;

internal static class FakeHubOptions
{
    /// <summary>Asks this hub, and has no patience.</summary>
    public static ModelHubOptions Options(this FakeHub hub, string cache) => new()
    {
        Endpoint = hub.Address,
        CacheFolder = cache,
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxRetries = 3,
    };
}
