using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Makes an image part of a message.</summary>
internal static class ImagePart
{
    public static DataContent Create(ImageData image, IImageShrinker? shrinker, int maxEdge)
    {
        ImageData sent = shrinker?.Shrink(image, maxEdge) ?? image;
        return sent.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            ? new DataContent(sent.Data, sent.MediaType)
            : throw new InvalidImageException(
                $"{(image.Source is { } source ? $"'{source}'" : "The image")} has the media type '{sent.MediaType}'; chat models accept image/jpeg, image/png and image/webp.");
    }
}
