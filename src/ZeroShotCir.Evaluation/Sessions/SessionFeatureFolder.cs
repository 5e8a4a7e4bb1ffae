using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>
/// Reads precomputed embeddings of sessions: <c>features.json</c> (<c>dataset</c>, <c>subset</c>, <c>dim</c>, <c>turns</c>, <c>files.text</c>) beside raw little-endian
/// float32 rows of each turn's text, those of the first session first; images are those of the searched data set's own folder.
/// </summary>
public static class SessionFeatureFolder
{
    private const int MaxDimensions = 1 << 20;

    /// <summary>Reads which subset a folder was made for.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The subset; <see langword="null"/> where the folder is of another data set than sessions.</returns>
    /// <exception cref="InvalidDatasetException">The manifest is missing or malformed.</exception>
    public static string? SubsetOf(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Manifest(folder)["subset"].OrNull?.Text();
    }

    /// <summary>Reads which folder of features the sessions' images are in.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its name; <see langword="null"/> where the folder does not say.</returns>
    /// <exception cref="InvalidDatasetException">The manifest is missing or malformed.</exception>
    public static string? GalleryOf(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Manifest(folder)["gallery_features"].OrNull?.FileName();
    }

    /// <summary>Reads the embeddings of sessions.</summary>
    /// <param name="folder">The folder of their texts.</param>
    /// <param name="galleryFolder">The folder of the images that they search, as <see cref="FeatureFolder"/> reads it.</param>
    /// <param name="gallery">The data set whose images these are.</param>
    /// <param name="dataset">The sessions.</param>
    /// <returns>The features: one text for each turn.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed, or was made for other sessions or images.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding is not finite.</exception>
    public static EvaluationFeatures Read(string folder, string galleryFolder, EvaluationDataset gallery, SessionDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        JsonField manifest = Manifest(folder);
        EvaluationFeatures images = FeatureFolder.Read(galleryFolder, gallery);
        int turns = dataset.Turns.Queries.Count;
        int dimensions = manifest["dim"].Int32(least: 1, most: MaxDimensions);
        string path = Path.Combine(folder, manifest["files"]["text"].FileName());
        long expected = (long)turns * dimensions * sizeof(float);
        FileInfo file = new(path);
        (string name, string subset) = (manifest["dataset"].Text(), manifest["subset"].Text());
        Expect(name == dataset.Name && subset == dataset.Subset, $"is for '{name} {subset}'", $"'{dataset.Name} {dataset.Subset}'");
        Expect(manifest["turns"].Int32() == turns, $"has {manifest["turns"].Int32()} turns", $"{turns} as in the file of sessions");
        Expect(dimensions == images.Dimensions, $"has {dimensions} components", $"{images.Dimensions} as the images in '{galleryFolder}'");
        long length = file.Exists ? file.Length : 0;
        Expect(length == expected && expected <= Array.MaxLength, $"names '{file.Name}' of {length} bytes", $"{expected}: {turns} rows of {dimensions} float32 numbers");
        EmbeddingMatrix texts = EmbeddingMatrix.Allocate(turns, dimensions, out Memory<float> values);
        try
        {
            using FileStream stream = File.OpenRead(path);
            stream.ReadExactly(MemoryMarshal.AsBytes(values.Span));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"The features '{path}' cannot be read: {e.Message}", e);
        }

        return new EvaluationFeatures(Path.GetFullPath(folder), images.GalleryNames, images.Images, images.Captions, images.WithoutCaptions, texts)
        {
            CaptionCounts = images.CaptionCounts,
        };

        void Expect(bool condition, string found, string wanted)
        {
            if (!condition)
            {
                throw new InvalidDatasetException(
                    $"The features '{Path.Combine(folder, FeatureFolder.ManifestFile)}' {found}, expected {wanted}. Give the folder that was made for these sessions.");
            }
        }
    }

    private static JsonField Manifest(string folder)
    {
        JsonFormat format = new("features manifest", (message, cause) => new InvalidDatasetException(message, cause)) { WhenMissing = "Give a folder of precomputed embeddings." };
        return JsonFile.Read(Path.Combine(folder, FeatureFolder.ManifestFile), format).Object();
    }
}
