using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers composed image retrieval as configuration says.</summary>
public static class HostingServiceCollectionExtensions
{
    /// <summary>The section that is read.</summary>
    public const string SectionName = "ZeroShotCir";

    /// <summary>
    /// Registers what the section <see cref="SectionName"/> names: <c>Model</c> and <c>Gallery</c>, further <c>Models</c> and <c>Galleries</c>
    /// by name, and <c>Batching</c>. Options are checked when the application starts; models and galleries are opened and used once before it
    /// accepts work. Chain what opens models and pictures: <c>UseOnnxModel()</c>, <c>UseSkiaDecoder()</c>.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configuration">The configuration of the application, or the section itself.</param>
    /// <returns>The builder to chain on.</returns>
    /// <remarks>
    /// Ask for a <see cref="ComposedImageRetriever"/>, a <see cref="Gallery"/> or a <see cref="RetrieverMonitor"/>; those of a named gallery by
    /// <c>[FromKeyedServices("name")]</c>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">A retriever is registered already.</exception>
    public static ZeroShotCirBuilder AddZeroShotCir(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.Any(service => service.ServiceType == typeof(RetrieverMonitor) || service.ServiceType == typeof(ComposedImageRetriever)))
        {
            throw new InvalidOperationException(
                "AddZeroShotCir(configuration) was called, but a retriever is registered already. Call it once, before other calls of AddZeroShotCir.");
        }

        IConfiguration section = configuration.GetSection(SectionName) is { } own && own.Exists() ? own : configuration;
        services.AddOptions();
        services.TryAddSingleton<FoldersOfContentRoot>(provider => new FoldersOfContentRoot(provider.GetService<IHostEnvironment>()));
        services.AddSingleton<IPostConfigureOptions<ModelOptions>>(provider => provider.GetRequiredService<FoldersOfContentRoot>());
        services.AddSingleton<IPostConfigureOptions<GalleryOptions>>(provider => provider.GetRequiredService<FoldersOfContentRoot>());
        services.AddSingleton<IValidateOptions<BatchingOptions>, BatchingOptionsValidator>();
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.AddSingleton<IValidateOptions<GalleryOptions>, GalleryOptionsValidator>();
        services.AddOptions<BatchingOptions>().Bind(section.GetSection("Batching")).ValidateOnStart();
        AddModels(services, section);
        AddGalleries(services, section);
        services.AddHostedService<WarmUpService>();
        services.AddHostedService<GalleryReloadService>();
        return new ZeroShotCirBuilder(services);
    }

    /// <summary>Adds a check that tells of each gallery its model, its images, its captions and when it was updated.</summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags to select it by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddZeroShotCir(this IHealthChecksBuilder builder, string name = "zeroshotcir", params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => new RetrievalHealthCheck(services, services.GetRequiredService<GalleryNames>()), HealthStatus.Unhealthy, tags));
    }

    private static void AddModels(IServiceCollection services, IConfiguration section)
    {
        if (section.GetSection("Model") is { } single && single.Exists())
        {
            AddModel(services, null, single);
        }

        foreach (IConfigurationSection named in section.GetSection("Models").GetChildren())
        {
            AddModel(services, named.Key, named);
        }

        // A model that is registered in code has no section.
        services.TryAddSingleton(provider => new ModelEncoders(provider, null));
    }

    private static void AddModel(IServiceCollection services, string? name, IConfigurationSection section)
    {
        services.AddOptions<ModelOptions>(name).Bind(section).ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) =>
        {
            ModelOptions options = provider.GetRequiredService<IOptionsMonitor<ModelOptions>>().Get(name ?? Options.Options.DefaultName);
            return new ConfiguredModel(options.Folder!) { Precision = options.Precision, BatchSize = options.BatchSize, Threads = options.Threads };
        });
        services.AddKeyedSingleton(name, (provider, _) => new ModelEncoders(provider, name));
    }

    private static void AddGalleries(IServiceCollection services, IConfiguration section)
    {
        List<string?> names = [];
        IConfigurationSection single = section.GetSection("Gallery");
        IConfigurationSection[] named = [.. section.GetSection("Galleries").GetChildren()];
        if (single.Exists() || named.Length == 0)
        {
            AddGallery(services, null, single);
            names.Add(null);
        }

        foreach (IConfigurationSection gallery in named)
        {
            AddGallery(services, gallery.Key, gallery);
            names.Add(gallery.Key);
        }

        services.AddSingleton(new GalleryNames(names));
    }

    private static void AddGallery(IServiceCollection services, string? name, IConfigurationSection section)
    {
        services.AddKeyedSingleton(name, (provider, _) => new RetrieverMonitor(provider, name));
        services.AddKeyedTransient(name, (provider, _) => provider.GetRequiredKeyedService<RetrieverMonitor>(name).Current);
        services.AddOptions<GalleryOptions>(name).Bind(section).ValidateOnStart();
        if (section["Folder"] is not null)
        {
            services.AddKeyedTransient(name, (provider, _) => provider.GetRequiredKeyedService<RetrieverMonitor>(name).Gallery!);
        }
    }
}
