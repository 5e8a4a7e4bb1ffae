using Microsoft.Extensions.Hosting;

namespace ZeroShotCir.Tool.Serving;

/// <summary>A server of the tool lives until the command is canceled, and nothing else listens to signals.</summary>
internal sealed class ToolLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
