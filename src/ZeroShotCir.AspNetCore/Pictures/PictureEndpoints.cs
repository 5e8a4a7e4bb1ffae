using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.Extensions.Hosting.Caching;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.AspNetCore.Pictures;

/// <summary>Serves the pictures of a gallery and small copies of them.</summary>
internal sealed class PictureEndpoints(RetrieverMonitor monitor, PictureStore store, IImageShrinker? shrinker) : IDisposable
{
    private const int DefaultEdge = 320;
    private const int LargestEdge = 1600;
    private static readonly HashSet<string> ShownByBrowsers =
        [ImageFormat.Jpeg.MediaType, ImageFormat.Png.MediaType, ImageFormat.WebP.MediaType, ImageFormat.Gif.MediaType, ImageFormat.Bmp.MediaType];
    private readonly RecentValues<(string Id, long Generation, int Edge), ImageData> _thumbnails = new(64L << 20, image => image.Data.Length);
    private readonly SemaphoreSlim _shrinking = new(Environment.ProcessorCount);

    /// <summary>The picture as its file has it; a JPEG of it where browsers do not show its format.</summary>
    public async Task<IResult> PictureAsync(string? id, HttpContext context)
    {
        (OpenedRetriever opened, string name) = Item(id);
        ImageData image = await store.ReadAsync(opened, name, context.RequestAborted).ConfigureAwait(false);
        return ShownByBrowsers.Contains(image.MediaType) || shrinker is null
            ? File(image, Tag(opened, name, 0), context)
            : File(await ShrinkAsync(() => shrinker.ToJpeg(image, LargestEdge), context.RequestAborted).ConfigureAwait(false), Tag(opened, name, LargestEdge), context);
    }

    /// <summary>A small copy.</summary>
    public async Task<IResult> ThumbnailAsync(string? id, string? edge, HttpContext context)
    {
        int longer = DefaultEdge;
        if (edge is not null && (!int.TryParse(edge, NumberStyles.None, CultureInfo.InvariantCulture, out longer) || longer is < 16 or > LargestEdge))
        {
            throw RequestProblem.BadRequest($"The edge must be a number of pixels from 16 to {LargestEdge}.");
        }

        (OpenedRetriever opened, string name) = Item(id);
        if (shrinker is null)
        {
            return File(await store.ReadAsync(opened, name, context.RequestAborted).ConfigureAwait(false), Tag(opened, name, 0), context);
        }

        (string, long, int) key = (name, GenerationOf(opened), longer);
        if (!_thumbnails.TryGet(key, out ImageData? small))
        {
            ImageData image = await store.ReadAsync(opened, name, context.RequestAborted).ConfigureAwait(false);
            small = await ShrinkAsync(() => shrinker.Shrink(image, longer), context.RequestAborted).ConfigureAwait(false);
            _thumbnails.Put(key, small);
        }

        return File(small!, Tag(opened, name, longer), context);
    }

    public void Dispose() => _shrinking.Dispose();

    private (OpenedRetriever Opened, string Id) Item(string? id)
        => string.IsNullOrEmpty(id) ? throw RequestProblem.BadRequest("The address needs the id of an image: ?id=…") : (monitor.Opened, id);

    private async Task<ImageData> ShrinkAsync(Func<ImageData> shrink, CancellationToken cancellationToken)
    {
        await _shrinking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(shrink, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidImageException)
        {
            throw RequestProblem.NotFound("The picture of this image cannot be read.");
        }
        finally
        {
            _shrinking.Release();
        }
    }

    private static IResult File(ImageData image, string tag, HttpContext context)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(image.Data, image.MediaType, entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }

    // A picture that changes is another content after the next indexing; until then the gallery does not know it either.
    private static string Tag(OpenedRetriever opened, string id, int edge)
        => opened.Gallery is { } gallery && gallery.TryGetOrdinal(id, out int ordinal) && gallery.ContentOf(ordinal) is { } content
            ? $"{content}-{edge}"
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}\n{GenerationOf(opened)}\n{edge}")));

    private static long GenerationOf(OpenedRetriever opened) => opened.Gallery?.Generation ?? opened.Description!.Generation;
}
