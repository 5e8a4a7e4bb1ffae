using Microsoft.Extensions.Options;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.AspNetCore.Pictures;

/// <summary>
/// Reads the pictures of a gallery, by id and nothing else: a path is what the gallery says, lies below a folder that the gallery follows,
/// and its file is a picture. A gallery that somebody else made leads nowhere else.
/// </summary>
internal sealed class PictureStore(IOptions<ImageSearchOptions> options)
{
    private const long MaxBytes = 256L << 20;

    /// <exception cref="RequestProblem">There is no such picture.</exception>
    public ImageData Read(Gallery gallery, string id)
    {
        if (!gallery.TryGetOrdinal(id, out int ordinal))
        {
            throw RequestProblem.NotFound("The gallery has no image of this id.");
        }

        if (gallery.FileOf(ordinal) is not { } file || !IsAllowed(gallery, file))
        {
            throw RequestProblem.NotFound("Nobody said where the picture of this image is.");
        }

        try
        {
            ImageData image = ImageData.FromFile(file, MaxBytes);
            return ImageFormat.Recognize(image.Data.Span) is not null ? image : throw RequestProblem.NotFound("The file of this image holds no picture any more.");
        }
        catch (InvalidImageException)
        {
            throw RequestProblem.NotFound("The picture of this image is not there any more, or cannot be read.");
        }
    }

    private bool IsAllowed(Gallery gallery, string file)
    {
        string full = Path.GetFullPath(file);
        return gallery.Roots.Select(root => root.Path).Append(options.Value.PictureFolder).Where(folder => !string.IsNullOrWhiteSpace(folder))
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder!)) + Path.DirectorySeparatorChar)
            .Any(folder => full.StartsWith(folder, StringComparison.Ordinal));
    }
}
