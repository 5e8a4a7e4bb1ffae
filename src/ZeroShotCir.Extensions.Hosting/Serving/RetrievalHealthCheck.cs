using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>Healthy where every model and gallery is open; degraded where an update of a gallery cannot be opened; unhealthy otherwise.</summary>
internal sealed class RetrievalHealthCheck(IServiceProvider services, GalleryNames names) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object> data = [];
        Exception? failure = null;
        foreach (string? name in names.All)
        {
            try
            {
                failure = Describe(name, data) ?? failure;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, $"{name ?? "The gallery"} cannot be searched: {e.Message}", e, data));
            }
        }

        return Task.FromResult(failure is null
            ? HealthCheckResult.Healthy("Models and galleries are open.", data)
            : HealthCheckResult.Degraded("An update of a gallery cannot be opened; the one before it is still searched.", failure, data));
    }

    private Exception? Describe(string? name, Dictionary<string, object> data)
    {
        RetrieverMonitor monitor = services.GetRequiredKeyedService<RetrieverMonitor>(name);
        Gallery gallery = monitor.Current.Gallery!;
        string prefix = name is null ? "" : $"{name}.";
        data[$"{prefix}model"] = gallery.Model?.ImageModelId ?? "not said";
        data[$"{prefix}images"] = gallery.Count;
        data[$"{prefix}captions"] = gallery.CaptionCount;
        data[$"{prefix}updated"] = monitor.Updated!.Value;
        return monitor.Failure;
    }
}
