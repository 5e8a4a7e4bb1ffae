using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Pictures;
using ZeroShotCir.AspNetCore.Searching;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.AspNetCore.Endpoints;

/// <summary>What the endpoints of one gallery share.</summary>
internal sealed class ImageSearchServices : IDisposable
{
    public ImageSearchServices(IServiceProvider services, string? gallery)
    {
        RetrieverMonitor monitor = services.GetKeyedService<RetrieverMonitor>(gallery) ?? throw new InvalidOperationException(gallery is null
            ? "MapImageSearch() needs the services of AddZeroShotCir(configuration) from ZeroShotCir.Extensions.Hosting."
            : $"There is no gallery of the name '{gallery}'. Name one of the section Galleries of the configuration.");
        IOptions<ImageSearchOptions> options = services.GetRequiredService<IOptions<ImageSearchOptions>>();
        Uploads = new PictureUploads(monitor, services.GetService<IImageDecoder>(), options);
        Searcher = new ImageSearcher(monitor, new QueryReading(options.Value, Uploads), options.Value, services.GetService<ITargetDescriber>());
        Pictures = new PictureEndpoints(monitor, new PictureStore(options), services.GetService<IImageShrinker>());
    }

    public PictureUploads Uploads { get; }

    public ImageSearcher Searcher { get; }

    public PictureEndpoints Pictures { get; }

    public void Dispose() => Pictures.Dispose();
}
