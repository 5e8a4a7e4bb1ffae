using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>
/// Reads precomputed embeddings: <c>features.json</c>, which names the other files, <c>gallery_names.json</c>, and raw little-endian
/// float32 files of images, captions and texts.
/// </summary>
public static partial class FeatureFolder
{
    /// <summary>The file that describes the folder.</summary>
    public const string ManifestFile = "features.json";

    /// <summary>Reads the name of the data set, the split and the category that a folder was made for.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Data set, split and category (<see langword="null"/> where there is none).</returns>
    /// <exception cref="InvalidDatasetException">The manifest is missing or malformed.</exception>
    public static (string Dataset, string Split, string? Category) Describe(string folder)
    {
        Manifest manifest = ReadManifest(folder);
        return (manifest.Dataset, manifest.Split, manifest.Category);
    }

    /// <summary>Reads the embeddings of a data set.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dataset">The annotations that the embeddings belong to.</param>
    /// <returns>The features.</returns>
    /// <exception cref="InvalidDatasetException">
    /// A file is missing or malformed, its size disagrees with the manifest, or the folder was made for other annotations.
    /// </exception>
    /// <exception cref="InvalidEmbeddingException">An embedding is not finite.</exception>
    public static EvaluationFeatures Read(string folder, EvaluationDataset dataset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(dataset);
        Manifest manifest = ReadManifest(folder);
        string manifestPath = Path.Combine(folder, ManifestFile);
        Expect(manifest.Dataset == dataset.Name, $"is for the data set '{manifest.Dataset}'", $"'{dataset.Name}'");
        Expect(manifest.Category == dataset.Category, $"is for the category '{manifest.Category}'", $"'{dataset.Category}'");
        bool isTest = manifest.Split != dataset.Split && manifest.Files.TextTest is not null && dataset.Split == "test";
        Expect(isTest || manifest.Split == dataset.Split, $"is for the split '{manifest.Split}'", $"'{dataset.Split}'");
        int queries = isTest ? manifest.QueriesTest : manifest.Queries;
        Expect(queries == dataset.Queries.Count, $"has {queries} queries", $"{dataset.Queries.Count} as in the annotation file");

        IReadOnlyList<string> names = AnnotationFile.Read(Path.Combine(folder, manifest.Files.GalleryNames), "The manifest names it.").Names();
        Expect(names.Count == manifest.Gallery, $"says {manifest.Gallery} gallery images, but '{manifest.Files.GalleryNames}' has {names.Count}", "the same number");
        CheckNames(folder, names, dataset);
        HashSet<string> withoutCaptions = [.. manifest.MissingCaptions ?? []];
        return new EvaluationFeatures(
            Path.GetFullPath(folder),
            names,
            ReadMatrix(manifest.Files.Image, manifest.Gallery),
            [.. (manifest.Files.Captions ?? []).Select(file => ReadMatrix(file, manifest.Gallery))],
            [.. Enumerable.Range(0, names.Count).Where(row => withoutCaptions.Contains(names[row]))],
            ReadMatrix(isTest ? manifest.Files.TextTest! : manifest.Files.Text, queries));

        void Expect(bool condition, string found, string expected)
        {
            if (!condition)
            {
                throw new InvalidDatasetException($"The features '{manifestPath}' {found}, expected {expected}. Give the folder that was made for this data set.");
            }
        }

        EmbeddingMatrix ReadMatrix(string file, int rows)
        {
            string path = Path.Combine(folder, file);
            long expected = (long)rows * manifest.Dim * sizeof(float);
            FileInfo info = new(path);
            Expect(info.Exists, $"names '{file}', which does not exist", "the file beside it");
            Expect(info.Length == expected, $"names '{file}' of {info.Length} bytes", $"{expected}: {rows} rows of {manifest.Dim} float32 numbers");
            EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(rows, manifest.Dim, out Memory<float> values);
            using FileStream stream = File.OpenRead(path);
            stream.ReadExactly(MemoryMarshal.AsBytes(values.Span));
            return matrix;
        }
    }

    private static void CheckNames(string folder, IReadOnlyList<string> names, EvaluationDataset dataset)
    {
        if (dataset.Gallery.Count > 0 && dataset.Name != "circo")
        {
            // The ordinals of the features decide ties, so the order counts, too. A smaller gallery of the data set is looked up by name.
            HashSet<string> wanted = [.. dataset.Gallery.Select(image => image.Name)];
            IEnumerable<string> found = dataset.GalleryProtocol == GalleryProtocol.Split ? names : names.Where(wanted.Contains);
            int difference = dataset.Gallery.Select(image => image.Name).Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
            if (difference < Math.Max(dataset.Gallery.Count, found.Count()))
            {
                throw new InvalidDatasetException(
                    $"The features '{folder}' have {found.Count()} gallery names, the data set {dataset.Label} has {dataset.Gallery.Count}, and they differ at position {difference}. Give the folder that was made for this data set.");
            }

            return;
        }

        HashSet<string> known = [.. names];
        foreach (EvaluationQuery query in dataset.Queries)
        {
            string? unknown = ((string?[])[query.Reference, query.Target, .. query.GroundTruths]).FirstOrDefault(name => name is not null && !known.Contains(name));
            if (unknown is not null)
            {
                throw new InvalidDatasetException(
                    $"The features '{folder}' lack the image '{unknown}' of query {query.Id} of {dataset.Label}. Give the folder that was made for this data set.");
            }
        }
    }

    private static Manifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, ManifestFile);
        try
        {
            using FileStream stream = File.OpenRead(path);
            Manifest manifest = JsonSerializer.Deserialize(stream, ManifestJson.Default.Manifest)
                ?? throw new InvalidDatasetException($"The features '{path}' hold null; expected a JSON object.");
            if (manifest.Dim < 1 || manifest.Gallery < 1 || manifest.Queries < 1)
            {
                throw new InvalidDatasetException(
                    $"The features '{path}' say dim {manifest.Dim}, gallery {manifest.Gallery}, queries {manifest.Queries}; each must be at least 1.");
            }

            return manifest;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDatasetException($"The features folder '{folder}' has no '{ManifestFile}'. Give a folder of precomputed embeddings.", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDatasetException($"The features '{path}' are malformed at line {e.LineNumber + 1}: {e.Message}", e);
        }
    }

    internal sealed record Manifest
    {
        public required string Dataset { get; init; }

        public required string Split { get; init; }

        public string? Category { get; init; }

        public required int Dim { get; init; }

        public required int Gallery { get; init; }

        public required int Queries { get; init; }

        public int QueriesTest { get; init; }

        public IReadOnlyList<string>? MissingCaptions { get; init; }

        public required ManifestFiles Files { get; init; }
    }

    internal sealed record ManifestFiles
    {
        public required string GalleryNames { get; init; }

        public required string Image { get; init; }

        public required string Text { get; init; }

        public IReadOnlyList<string>? Captions { get; init; }

        public string? TextTest { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Manifest))]
    internal sealed partial class ManifestJson : JsonSerializerContext;
}
