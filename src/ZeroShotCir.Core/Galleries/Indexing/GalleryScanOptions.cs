using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>How folders are looked at and their images called.</summary>
public sealed class GalleryScanOptions
{
    /// <summary>Which files are looked at.</summary>
    /// <value>The default value is that of <see cref="ImageFolderOptions"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ImageFolderOptions Files
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = new();

    /// <summary>What the images are called.</summary>
    /// <value>The default value is <see langword="null"/>: as the gallery calls them already, by their paths in a new one.</value>
    public ImageNaming? Naming { get; set; }

    /// <summary>Which part of the images is looked at: those whose ids it holds.</summary>
    /// <value>The default value is <see langword="null"/>: all of them.</value>
    public GalleryShard? Shard { get; set; }
}
