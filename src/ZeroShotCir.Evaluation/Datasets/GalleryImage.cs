namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>An image of a data set.</summary>
/// <param name="Name">Its name, by which queries and captions refer to it.</param>
/// <param name="Path">Where its file lies; a file that need not exist, since users often have only a part of the images.</param>
/// <param name="Crop">The part of the file that is the image; <see langword="null"/> for all of it.</param>
public sealed record GalleryImage(string Name, string Path, ImageCrop? Crop = null);
