using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ZeroShotCir.AspNetCore.Configuration;

namespace ZeroShotCir.AspNetCore.Limits;

/// <summary>Answers so many requests of one client each second.</summary>
internal sealed class RateFilter : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext>? _limiter;

    public RateFilter(IOptions<ImageSearchOptions> options)
    {
        int perSecond = options.Value.RequestsPerSecond;
        _limiter = perSecond == 0 ? null : PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => RateLimitPartition.GetTokenBucketLimiter(
            context.Connection.RemoteIpAddress ?? IPAddress.None,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 3 * perSecond,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using RateLimitLease? lease = _limiter?.AttemptAcquire(context.HttpContext);
        if (lease is null or { IsAcquired: true })
        {
            return await next(context).ConfigureAwait(false);
        }

        double seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 1;
        context.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ProblemFilter.Answer(429, "That is too often.", "More requests of this client came each second than are answered. Try again in a moment.");
    }

    public void Dispose() => _limiter?.Dispose();
}
