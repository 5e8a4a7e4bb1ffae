using Microsoft.Extensions.Options;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.AspNetCore.Pictures;

/// <summary>
/// Reads the pictures of a gallery or a store, by id and nothing else: a path is what the gallery says, lies below a folder that the gallery
/// follows or below that of the pictures, and its file is a picture. A gallery that somebody else made leads nowhere else.
/// </summary>
internal sealed class PictureStore(IOptions<ImageSearchOptions> options)
{
    private const long MaxBytes = 256L << 20;

    /// <exception cref="RequestProblem">There is no such picture.</exception>
    public async ValueTask<ImageData> ReadAsync(OpenedRetriever opened, string id, CancellationToken cancellationToken)
    {
        if (await FileOfAsync(opened, id, cancellationToken).ConfigureAwait(false) is not { } file || !IsAllowed(opened.Gallery, file))
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

    // A store knows no folders: an id is a path below that of the pictures, unless its metadata say another.
    private async ValueTask<string?> FileOfAsync(OpenedRetriever opened, string id, CancellationToken cancellationToken)
    {
        if (opened.Gallery is { } gallery && gallery.TryGetOrdinal(id, out int ordinal))
        {
            return gallery.FileOf(ordinal);
        }

        StoreRow? row = opened.Store is null ? null : (await opened.Store.GetAsync([id], cancellationToken).ConfigureAwait(false))[0];
        return row is null ? throw RequestProblem.NotFound("The gallery has no image of this id.")
            : row.Item.Metadata.GetValueOrDefault("file") ?? (options.Value.PictureFolder is { Length: > 0 } folder ? Path.Combine(folder, id) : null);
    }

    private bool IsAllowed(Gallery? gallery, string file)
    {
        string full = Path.GetFullPath(file);
        return (gallery?.Roots.Select(root => root.Path) ?? []).Append(options.Value.PictureFolder).Where(folder => !string.IsNullOrWhiteSpace(folder))
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder!)) + Path.DirectorySeparatorChar)
            .Any(folder => full.StartsWith(folder, StringComparison.Ordinal));
    }
}
