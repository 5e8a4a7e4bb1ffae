using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers composed image retrieval.</summary>
public static class ZeroShotCirServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="ComposedImageRetriever"/> over the registered encoders and gallery or store, with a registered describer, re-ranker and
    /// source of pictures where there are some; without such a source, a gallery that was made of folders gives its own. Chain <c>UseOnnxModel</c>,
    /// <c>UseSkiaDecoder</c>, <c>UseGallery</c> and others.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">How the retriever scores; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder to chain on.</returns>
    /// <exception cref="InvalidOperationException">A retriever is registered already, and <paramref name="options"/> would be ignored.</exception>
    public static ZeroShotCirBuilder AddZeroShotCir(this IServiceCollection services, RetrievalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (options is not null)
        {
            Registration.ThrowIfTwice<ComposedImageRetriever>(
                services, "AddZeroShotCir(options)", "Call it once with options; further calls without options only return the builder.");
        }

        services.TryAddSingleton(provider => CreateRetriever(provider, options));
        return new ZeroShotCirBuilder(services);
    }

    /// <summary>Searches a gallery that was pushed to a store. A gallery beside it only gives its pictures to those who look at them.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="store">The store; stays the caller's.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">A store is registered already.</exception>
    public static ZeroShotCirBuilder UseStore(this ZeroShotCirBuilder builder, IGalleryStore store)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        Registration.ThrowIfTwice<IGalleryStore>(
            builder.Services, "UseStore(store)", "Leave one out, or register the other with the name of its gallery: services.AddKeyedSingleton(\"name\", store).");
        builder.Services.AddSingleton(store);
        return builder;
    }

    /// <summary>Searches a gallery folder, which is opened when it is first needed.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="folder">The gallery folder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">A gallery is registered already.</exception>
    public static ZeroShotCirBuilder UseGallery(this ZeroShotCirBuilder builder, string folder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ThrowIfSecondGallery(builder, $"UseGallery(\"{folder}\")");
        builder.Services.AddSingleton(_ => Gallery.Open(folder));
        return builder;
    }

    /// <summary>Searches a gallery that was made in memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="gallery">The gallery.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">A gallery is registered already.</exception>
    public static ZeroShotCirBuilder UseGallery(this ZeroShotCirBuilder builder, Gallery gallery)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(gallery);
        ThrowIfSecondGallery(builder, "UseGallery(gallery)");
        builder.Services.AddSingleton(gallery);
        return builder;
    }

    private static ComposedImageRetriever CreateRetriever(IServiceProvider provider, RetrievalOptions? options)
    {
        IGalleryStore? store = provider.GetService<IGalleryStore>();
        Gallery? gallery = provider.GetService<Gallery>();
        IImageEncoder? images = provider.GetService<IImageEncoder>();
        ITextEncoder? texts = provider.GetService<ITextEncoder>();
        IComposedEncoder? composed = provider.GetService<IComposedEncoder>();
        ITargetDescriber? describer = provider.GetService<ITargetDescriber>();
        ITargetReranker? reranker = provider.GetService<ITargetReranker>() ?? provider.GetService<ITargetVerifier>();
        IImageSource? pictures = provider.GetService<IImageSource>() ?? (gallery?.Roots.Count > 0 ? new GalleryPictures(gallery) : null);
        return store is not null ? new ComposedImageRetriever(new StoreGallerySearch(store), images, texts, options, describer, reranker, pictures, composed)
            : gallery is not null ? new ComposedImageRetriever(gallery, images, texts, options, describer, reranker, pictures, composed)
            : throw new InvalidOperationException(
                "No gallery is registered. "
                + "Add UseGallery(\"folder\") after AddZeroShotCir(), or register a Gallery; or a store of one, UseStore(store).");
    }

    private static void ThrowIfSecondGallery(ZeroShotCirBuilder builder, string call) => Registration.ThrowIfTwice<Gallery>(
        builder.Services,
        call,
        "Leave one out; for searching both, register the other with a key, services.AddKeyedSingleton(\"name\", …), and make a ComposedImageRetriever of it.");
}
