using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>The pictures of a gallery that was made of folders, read where they are now.</summary>
/// <remarks>Serves concurrent callers.</remarks>
public sealed class GalleryPictures : IImageSource
{
    private readonly Gallery _gallery;
    private readonly long _maxBytes;

    /// <summary>Reads pictures of a gallery.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="maxBytes">The largest file that is read.</param>
    public GalleryPictures(Gallery gallery, long maxBytes = DecodeLimits.DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        _gallery = gallery;
        _maxBytes = maxBytes;
    }

    /// <inheritdoc/>
    /// <exception cref="UnknownItemException">The gallery has no such item.</exception>
    /// <exception cref="InvalidImageException">The file cannot be read or is too large.</exception>
    public ValueTask<ImageData?> GetImageAsync(string id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_gallery.FileOf(_gallery.OrdinalOf(id)) is { } file && File.Exists(file) ? ImageData.FromFile(file, _maxBytes) : null);
    }
}
