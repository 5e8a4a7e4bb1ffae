using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>
/// Reads precomputed embeddings: <c>features.json</c>, which names the other files, <c>gallery_names.json</c>, and raw little-endian
/// float32 files of images, captions and texts.
/// </summary>
public static class FeatureFolder
{
    /// <summary>The file that describes the folder.</summary>
    public const string ManifestFile = "features.json";
    private const string ListedTexts = "texts.json";
    private const int MaxDimensions = 1 << 20;

    /// <summary>Reads the name of the data set, the split and the category that a folder was made for.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What the folder was made for.</returns>
    /// <exception cref="InvalidDatasetException">The manifest is missing or malformed.</exception>
    public static FeatureDescription Describe(string folder)
    {
        Manifest manifest = ReadManifest(folder);
        return new FeatureDescription(manifest.Dataset, manifest.Split ?? "val", manifest.Category);
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
        bool isForAll = manifest.Category is null && manifest.TextsFile is not null;
        Expect(isForAll || manifest.Category == dataset.Category, $"is for the category '{manifest.Category}'", $"'{dataset.Category}'");
        bool isTest = manifest.Split is not null && manifest.Split != dataset.Split && manifest.TextTestFile is not null && dataset.Split == "test";
        Expect(isTest || manifest.Split is null || manifest.Split == dataset.Split, $"is for the split '{manifest.Split}'", $"'{dataset.Split}'");
        int queries = isTest ? manifest.QueriesTest : manifest.Queries;
        IReadOnlyList<string>? texts = manifest.TextsFile is { } listed
            ? AnnotationFile.Read(Path.Combine(folder, listed), "It lists the texts that were encoded.").Texts()
            : null;
        Expect(texts is not null || queries == dataset.Queries.Count, $"has {queries} queries", $"{dataset.Queries.Count} as in the annotation file");

        IReadOnlyList<string> names = NamesOf(AnnotationFile.Read(Path.Combine(folder, manifest.GalleryNamesFile), "The manifest names it."), dataset);
        Expect(names.Count == manifest.Gallery, $"says {manifest.Gallery} gallery images, but '{manifest.GalleryNamesFile}' has {names.Count}", "the same number");
        CheckNames(folder, names, dataset);
        HashSet<string> withoutCaptions = [.. manifest.MissingCaptions];
        EmbeddingMatrix images = ReadMatrix(manifest.ImageFile, manifest.Gallery);
        if (dataset.References.Count > 0)
        {
            Expect(manifest.QueryImageFile is not null, "names no file of query images", "'query_image', for references that are not in the gallery");
            EmbeddingMatrix own = ReadMatrix(manifest.QueryImageFile!, queries);
            Dictionary<string, int> rows = dataset.Queries.Index()
                .DistinctBy(query => query.Item.Reference)
                .ToDictionary(query => query.Item.Reference, query => query.Index, StringComparer.Ordinal);
            images = Stack(images, own, [.. dataset.References.Select(reference => rows[reference.Name])]);
            names = [.. names, .. dataset.References.Select(reference => reference.Name)];
        }

        EmbeddingMatrix textRows = ReadMatrix(isTest ? manifest.TextTestFile! : manifest.TextFile, texts?.Count ?? queries);
        return new EvaluationFeatures(
            Path.GetFullPath(folder),
            names,
            images,
            [.. manifest.CaptionFiles.Select(file => ReadMatrix(file, manifest.Gallery))],
            [.. Enumerable.Range(0, names.Count).Where(row => withoutCaptions.Contains(names[row]))],
            texts is null ? textRows : OfQueries(textRows, texts));

        void Expect(bool condition, string found, string expected)
        {
            if (!condition)
            {
                throw new InvalidDatasetException($"The features '{manifestPath}' {found}, expected {expected}. Give the folder that was made for this data set.");
            }
        }

        EmbeddingMatrix OfQueries(EmbeddingMatrix rows, IReadOnlyList<string> listed)
        {
            Dictionary<string, int> positions = listed.Index().ToDictionary(text => text.Item, text => text.Index, StringComparer.Ordinal);
            EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(dataset.Queries.Count, manifest.Dim, out Memory<float> values);
            for (int query = 0; query < dataset.Queries.Count; query++)
            {
                string text = dataset.Queries[query].Captions[0];
                Expect(positions.TryGetValue(text, out int row), $"has no text '{text}'", "the text of every query");
                rows[row].CopyTo(values.Span[(query * manifest.Dim)..]);
            }

            return matrix;
        }

        EmbeddingMatrix ReadMatrix(string file, int rows)
        {
            string path = Path.Combine(folder, file);
            long expected = (long)rows * manifest.Dim * sizeof(float);
            FileInfo info = new(path);
            Expect(info.Exists, $"names '{file}', which does not exist", "the file beside it");
            Expect(info.Length == expected, $"names '{file}' of {info.Length} bytes", $"{expected}: {rows} rows of {manifest.Dim} float32 numbers");
            Expect(expected <= Array.MaxLength, $"names '{file}' of {expected} bytes", $"at most {Array.MaxLength}");
            EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(rows, manifest.Dim, out Memory<float> values);
            try
            {
                using FileStream stream = File.OpenRead(path);
                stream.ReadExactly(MemoryMarshal.AsBytes(values.Span));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidDatasetException($"The features '{path}' cannot be read: {e.Message}", e);
            }

            return matrix;
        }
    }

    private static void CheckNames(string folder, IReadOnlyList<string> names, EvaluationDataset dataset)
    {
        // Where queries have galleries of their own, and where the gallery is a part of the published one, the features say the order.
        if (dataset.Gallery.Count > 0 && dataset.Name is not ("circo" or "genecis"))
        {
            // The ordinals of the features decide ties, so the order counts, too. A smaller gallery of the data set is looked up by name.
            HashSet<string> wanted = [.. dataset.Gallery.Select(image => image.Name)];
            IEnumerable<string> found = dataset.GalleryProtocol == GalleryProtocol.Split ? names : names.Where(wanted.Contains);
            int difference = dataset.Gallery.Select(image => image.Name).Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
            if (difference < Math.Max(dataset.Gallery.Count, found.Count()))
            {
                throw new InvalidDatasetException(
                    $"The features '{folder}' have {found.Count()} gallery names, the data set {dataset.Label} has {dataset.Gallery.Count}, "
                    + $"and they differ at position {difference}. Give the folder that was made for this data set.");
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

    private static EmbeddingMatrix Stack(EmbeddingMatrix first, EmbeddingMatrix second, int[] rows)
    {
        EmbeddingMatrix stacked = EmbeddingMatrix.Allocate(first.Rows + rows.Length, first.Dimensions, out Memory<float> values);
        for (int row = 0; row < stacked.Rows; row++)
        {
            (row < first.Rows ? first[row] : second[rows[row - first.Rows]]).CopyTo(values.Span[(row * first.Dimensions)..]);
        }

        return stacked;
    }

    private static IReadOnlyList<string> NamesOf(JsonField root, EvaluationDataset dataset)
    {
        if (dataset.Name == "icir")
        {
            return RepeatedNames.Number(root.Items("a JSON array of image names").Select(item => item.Text("an image name")));
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        return [.. root.Items("a JSON array of image names").Select(item => names.Add(item.Text("an image name"))
            ? item.Text()
            : throw item.Fault($"names '{item.Text()}' a second time; every name must be unique."))];
    }

    // The embeddings of one split would pass for those of another.
    private static bool IsDivided(string dataset) => dataset is "fashioniq" or "cirr" or "circo";

    private static Manifest ReadManifest(string folder)
    {
        JsonField root = JsonFile.Read(Path.Combine(folder, ManifestFile), new JsonFormat("features manifest", (message, cause) => new InvalidDatasetException(message, cause))
        {
            WhenMissing = "Give a folder of precomputed embeddings.",
        });
        JsonField files = root["files"];
        return new Manifest
        {
            Dataset = root["dataset"].Text(),
            Split = IsDivided(root["dataset"].Text()) ? root["split"].Text() : root["split"].OrNull?.Text(),
            Category = (root["category"].OrNull ?? root["task"].OrNull)?.Text(),
            Dim = root["dim"].Int32(least: 1, most: MaxDimensions),
            Gallery = root["gallery"].Int32(least: 1),
            Queries = root["queries"].Int32(least: 1),
            QueriesTest = root["queries_test"].OrNull?.Int32(least: 0) ?? 0,
            MissingCaptions = root["missing_captions"].OrNull?.Texts() ?? [],
            GalleryNamesFile = files["gallery_names"].FileName(),
            ImageFile = files["image"].FileName(),
            TextFile = files["text"].FileName(),
            CaptionFiles = [.. files["captions"].OrNull?.Items().Select(file => file.FileName()) ?? []],
            TextTestFile = files["text_test"].OrNull?.FileName(),
            TextsFile = files["texts"].OrNull?.FileName() ?? (File.Exists(Path.Combine(folder, ListedTexts)) ? ListedTexts : null),
            QueryImageFile = files["query_image"].OrNull?.FileName(),
        };
    }

    private sealed record Manifest
    {
        public required string Dataset { get; init; }

        public required string? Split { get; init; }

        public required string? Category { get; init; }

        public required int Dim { get; init; }

        public required int Gallery { get; init; }

        public required int Queries { get; init; }

        public required int QueriesTest { get; init; }

        public required IReadOnlyList<string> MissingCaptions { get; init; }

        public required string GalleryNamesFile { get; init; }

        public required string ImageFile { get; init; }

        public required string TextFile { get; init; }

        public required IReadOnlyList<string> CaptionFiles { get; init; }

        public required string? TextTestFile { get; init; }

        /// <summary>The file that lists the texts that were encoded, where queries share them.</summary>
        public required string? TextsFile { get; init; }

        /// <summary>The embeddings of each query's reference, where it is not in the gallery.</summary>
        public required string? QueryImageFile { get; init; }
    }
}
