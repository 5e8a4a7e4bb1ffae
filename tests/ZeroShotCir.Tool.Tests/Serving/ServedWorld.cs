using ZeroShotCir.Tool.Tests.Galleries;

namespace ZeroShotCir.Tool.Tests.Serving;

/// <summary>A gallery of a few pictures, indexed once for all servers.</summary>
public sealed class ServedWorld : IAsyncLifetime
{
    internal GalleryWorld World { get; } = new();

    internal string[] Pictures { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Pictures = World.AddPictures(12);
        ToolOutcome indexed = await World.IndexAsync();
        Assert.True(indexed.ExitCode == 0, indexed.Errors);
    }

    public ValueTask DisposeAsync()
    {
        World.Dispose();
        return ValueTask.CompletedTask;
    }
}
