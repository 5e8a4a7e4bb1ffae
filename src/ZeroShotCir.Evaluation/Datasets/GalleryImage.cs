namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>An image of a data set.</summary>
public sealed record GalleryImage
{
    /// <summary>Names an image.</summary>
    /// <param name="name">Its name, by which queries and captions refer to it.</param>
    /// <param name="path">Where its file lies; a file that need not exist, since users often have only a part of the images.</param>
    /// <param name="crop">The part of the file that is the image; <see langword="null"/> for all of it.</param>
    public GalleryImage(string name, string path, ImageCrop? crop = null)
    {
        Name = name;
        Path = path;
        Crop = crop;
    }

    /// <summary>Its name, by which queries and captions refer to it.</summary>
    public string Name { get; init; }

    /// <summary>Where its file lies; a file that need not exist, since users often have only a part of the images.</summary>
    public string Path { get; init; }

    /// <summary>The part of the file that is the image; <see langword="null"/> for all of it.</summary>
    public ImageCrop? Crop { get; init; }
}
