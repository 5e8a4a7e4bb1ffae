using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Galleries;

/// <summary>The projection of a corpus of texts beside a gallery's other files.</summary>
public static class ProjectionFile
{
    /// <summary>The name of the file in a gallery's folder.</summary>
    public const string Name = "projection.safetensors";

    /// <summary>Keeps a projection with a gallery's folder; one that is there is replaced.</summary>
    /// <param name="folder">The folder of the gallery.</param>
    /// <param name="projection">The projection.</param>
    /// <exception cref="InvalidGalleryException">The folder is no gallery, or its text encoder or dimension is another one.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string folder, CorpusProjection projection)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(projection);
        Gallery gallery = GalleryFolder.Open(folder, out _);
        ThrowIfOther(projection, gallery.Model, gallery.Dimensions, "The projection");
        projection.Save(Path.Combine(folder, Name));
    }

    internal static CorpusProjection? Read(string folder, GalleryModel? model, int dimensions)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            CorpusProjection projection = CorpusProjection.Open(path);
            ThrowIfOther(projection, model, dimensions, $"The projection '{path}'");
            return projection;
        }
        catch (Exception e) when (e is InvalidTensorFileException or InvalidEmbeddingException)
        {
            throw new InvalidGalleryException($"{e.Message} Make it again with 'cir gallery project', or delete the file.", e);
        }
    }

    internal static void ThrowIfOther(CorpusProjection projection, GalleryModel? model, int dimensions, string what)
    {
        if (projection.Dimensions != dimensions)
        {
            throw new InvalidGalleryException($"{what} has {projection.Dimensions} dimensions, the gallery {dimensions}. Make it with the gallery's model.");
        }

        if (projection.Model is { } made && model?.TextModelId is { } texts && made != texts)
        {
            throw new InvalidGalleryException($"{what} was made with the text encoder '{made}', the gallery's is '{texts}'. Make it again.");
        }
    }
}
