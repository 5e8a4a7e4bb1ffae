using Microsoft.Extensions.DependencyInjection;

namespace ZeroShotCir.DependencyInjection;

/// <summary>What <c>AddZeroShotCir</c> returns: packages hang their <c>Use…</c> methods on it.</summary>
/// <remarks>Used while an application starts, by one thread.</remarks>
public sealed class ZeroShotCirBuilder
{
    /// <summary>Wraps the services of the application.</summary>
    /// <param name="services">The services to register with.</param>
    public ZeroShotCirBuilder(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Services = services;
    }

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }
}
