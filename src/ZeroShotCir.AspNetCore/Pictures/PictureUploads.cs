using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.Diagnostics;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Caching;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.AspNetCore.Pictures;

/// <summary>
/// Takes pictures to search with: each is checked and encoded once, and its embedding is kept for a while, under the hash of its bytes.
/// Searches name it by that, so that a slider moves without sending the picture again. The picture itself is kept only where a model
/// reads pictures and texts together.
/// </summary>
internal sealed class PictureUploads(RetrieverMonitor monitor, IImageDecoder? decoder, IOptions<ImageSearchOptions> options)
{
    private const int Kept = 4096;
    private static readonly string[] BodyTypes = ["image/", "application/octet-stream"];
    private const long KeptBytes = 64L << 20;
    private readonly RecentValues<string, float[]> _embeddings = new(Kept, _ => 1);
    private readonly RecentValues<string, ImageData> _pictures = new(KeptBytes, picture => picture.Data.Length);

    /// <summary>Takes the picture that is the body of a request.</summary>
    /// <exception cref="RequestProblem">It is too large, no picture, or damaged.</exception>
    public async Task<UploadedPicture> TakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ImageSearchOptions limits = options.Value;
        if (monitor.Encoders.ImageEncoder is not { } encoder || decoder is null)
        {
            throw RequestProblem.BadRequest("Pictures cannot be searched with here: the application has no image encoder. Search by text.");
        }

        if (context.Request.ContentType is { } type && !BodyTypes.Any(known => type.StartsWith(known, StringComparison.OrdinalIgnoreCase)))
        {
            throw RequestProblem.UnsupportedMedia("Send the bytes of one picture as the body, with a Content-Type of image/… or application/octet-stream.");
        }

        byte[] bytes = await RequestBody.ReadAsync(context, limits.MaxUploadBytes, "a picture").ConfigureAwait(false);
        ImageData image = ImageData.FromBytes(bytes, "the uploaded picture");
        ImageFormat format = ImageFormat.Recognize(bytes)
            ?? throw RequestProblem.UnsupportedMedia("The bytes begin as no picture does. Send a JPEG, PNG, WebP or another picture.");
        if (!decoder.Formats.Contains(format))
        {
            throw RequestProblem.UnsupportedMedia($"Pictures of the format {format} are not read here; {string.Join(", ", decoder.Formats)} are.");
        }

        UploadedPicture taken = await Task.Run(() => Check(bytes, image, format, limits.MaxPixels), cancellationToken).ConfigureAwait(false);
        if (!_embeddings.TryGet(taken.Picture, out _))
        {
            _embeddings.Put(taken.Picture, await encoder.EncodeAsync(image, cancellationToken).ConfigureAwait(false));
        }

        if (monitor.Encoders.ComposedEncoder is not null)
        {
            _pictures.Put(taken.Picture, image);
        }

        return taken;
    }

    /// <summary>A picture that was taken, for a model that reads it together with the text.</summary>
    /// <exception cref="RequestProblem">It was never taken, or too long ago.</exception>
    public ImageData PictureOf(string picture) => _pictures.TryGet(picture, out ImageData? image)
        ? image!
        : throw RequestProblem.NotFound("A picture of the search is not known, or not any more. Upload it again.");

    /// <summary>The embedding of a picture that was taken.</summary>
    /// <exception cref="RequestProblem">It was never taken, or too long ago.</exception>
    public float[] EmbeddingOf(string picture)
    {
        bool known = _embeddings.TryGet(picture, out float[]? embedding);
        Telemetry.CountCache("pictures", known);
        return known ? embedding! : throw RequestProblem.NotFound("A picture of the search is not known, or not any more. Upload it again.");
    }

    // Decoding once more than the encoder does costs little beside encoding, and tells everything about a bad picture before it waits in a queue.
    private UploadedPicture Check(byte[] bytes, ImageData image, ImageFormat format, long maxPixels)
    {
        using RgbImage pixels = decoder!.Decode(bytes, new DecodeOptions { Limits = new DecodeLimits { MaxPixels = maxPixels } });
        return new UploadedPicture { Picture = image.ComputeSha256(), Width = pixels.Width, Height = pixels.Height, Format = format.Name };
    }
}
