using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Imaging;

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

    /// <summary>
    /// Decodes by this decoder what the decoders registered before it do not read. One that was registered already is not
    /// registered twice, and an <see cref="IImageDecoder"/> that the application registered by itself stays the only one.
    /// </summary>
    /// <param name="decoder">The decoder.</param>
    /// <returns>The same builder.</returns>
    public ZeroShotCirBuilder UseDecoder(IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ServiceDescriptor? registered = Services.FirstOrDefault(s => s.ServiceType == typeof(IImageDecoder) && !s.IsKeyedService);
        if (registered is null)
        {
            Services.AddSingleton(decoder);
            return this;
        }

        IReadOnlyList<IImageDecoder> before = registered.ImplementationInstance switch
        {
            DecoderChain chain => chain.Decoders,
            IImageDecoder one => [one],
            _ => [],
        };
        if (before.Count > 0 && before.All(d => d.Name != decoder.Name))
        {
            Services.Remove(registered);
            Services.AddSingleton<IImageDecoder>(new DecoderChain([.. before, decoder]));
        }

        return this;
    }
}
