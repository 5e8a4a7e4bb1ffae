using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Embeddings;

/// <summary>An image in the words of both sides.</summary>
internal static class ImageContent
{
    public static DataContent Write(ImageData image) => new(image.Data, image.MediaType) { Name = image.Source };

    public static ImageData Read(DataContent content)
        => content.Data.IsEmpty ? throw new InvalidImageException($"The content {content.Name ?? "of the image"} has no bytes; expected an encoded image such as JPEG or PNG.")
            : new ImageData(content.Data, content.MediaType) { Source = content.Name };
}
