using ZeroShotCir.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers composed image retrieval.</summary>
public static class ZeroShotCirServiceCollectionExtensions
{
    /// <summary>Begins the registration; chain <c>UseOnnxModel</c>, <c>UseSkiaDecoder</c>, <c>UseGallery</c> and others.</summary>
    /// <param name="services">The services of the application.</param>
    /// <returns>The builder to chain on.</returns>
    public static ZeroShotCirBuilder AddZeroShotCir(this IServiceCollection services) => new(services);
}
