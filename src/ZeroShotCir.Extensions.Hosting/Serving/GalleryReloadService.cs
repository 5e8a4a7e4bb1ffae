using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>Looks from time to time whether another process updated a gallery or a store.</summary>
internal sealed class GalleryReloadService(IServiceProvider services, GalleryNames names) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(names.All
        .Select(name => services.GetRequiredKeyedService<RetrieverMonitor>(name))
        .Where(monitor => monitor.ReloadInterval > TimeSpan.Zero)
        .Select(monitor => FollowAsync(monitor, stoppingToken)));

    private static async Task FollowAsync(RetrieverMonitor monitor, CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(monitor.ReloadInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await monitor.ReloadAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }
}
