using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>Healthy where every model and gallery is open and every store whole; degraded where an update cannot be opened or a store is not whole; unhealthy otherwise.</summary>
internal sealed class RetrievalHealthCheck(IServiceProvider services, GalleryNames names) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object> data = [];
        Exception? failure = null;
        bool isWhole = true;
        foreach (string? name in names.All)
        {
            try
            {
                RetrieverMonitor monitor = services.GetRequiredKeyedService<RetrieverMonitor>(name);
                isWhole &= await DescribeAsync(monitor, data, cancellationToken).ConfigureAwait(false);
                failure = monitor.Failure ?? failure;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"{name ?? "The gallery"} cannot be searched: {e.Message}", e, data);
            }
        }

        return failure is not null ? HealthCheckResult.Degraded("An update of a gallery cannot be opened; the one before it is still searched.", failure, data)
            : isWhole ? HealthCheckResult.Healthy("Models and galleries are open.", data)
            : HealthCheckResult.Degraded("A store is being pushed to, or a push was cut off: answers may lack images.", data: data);
    }

    /// <summary>Adds what is known of a gallery; of a store, what it says of itself now.</summary>
    private static async Task<bool> DescribeAsync(RetrieverMonitor monitor, Dictionary<string, object> data, CancellationToken cancellationToken)
    {
        OpenedRetriever opened = await monitor.OpenAsync(cancellationToken).ConfigureAwait(false);
        StoreDescription? store = opened.Store is null ? null : await opened.Store.GetDescriptionAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidGalleryException($"The store '{opened.Store.Name}' holds no gallery any more.");
        string prefix = monitor.Name is null ? "" : $"{monitor.Name}.";
        data[$"{prefix}model"] = (store is null ? opened.Gallery!.Model : store.Model)?.ImageModelId ?? "not said";
        data[$"{prefix}updated"] = opened.Time;
        if (store is null)
        {
            data[$"{prefix}images"] = opened.Gallery!.Count;
            data[$"{prefix}captions"] = opened.Gallery.CaptionCount;
            return true;
        }

        data[$"{prefix}images"] = await opened.Store!.CountAsync(cancellationToken).ConfigureAwait(false);
        data[$"{prefix}whole"] = store.IsWhole;
        return store.IsWhole;
    }
}
