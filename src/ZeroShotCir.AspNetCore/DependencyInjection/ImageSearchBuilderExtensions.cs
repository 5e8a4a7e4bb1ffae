using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Endpoints;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what the page and the endpoints of image search need.</summary>
public static class ImageSearchBuilderExtensions
{
    internal const string Unnamed = "";

    /// <summary>Registers what <c>MapImageSearch()</c> needs, with the limits of the section <c>ZeroShotCir:Web</c>.</summary>
    /// <param name="builder">What <c>AddZeroShotCir(configuration)</c> returned.</param>
    /// <param name="configure">Sets what configuration does not say, after it.</param>
    /// <returns>The same builder.</returns>
    public static ZeroShotCirBuilder UseImageSearch(this ZeroShotCirBuilder builder, Action<ImageSearchOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddOptions<ImageSearchOptions>().BindConfiguration("ZeroShotCir:Web").Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ImageSearchOptions>, ImageSearchOptionsValidator>();
        services.TryAddSingleton<RateFilter>();
        services.AddKeyedSingleton(KeyedService.AnyKey, (provider, key) => new ImageSearchServices(provider, key is string and not Unnamed ? (string)key : null));
        services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ImageSearchJson.Default));
        services.AddOpenApi();
        return builder;
    }
}
