using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads FashionIQ (Wu et al., CVPR 2021) as published: <c>captions/cap.{category}.{split}.json</c>,
/// <c>image_splits/split.{category}.{split}.json</c>, <c>images/{name}.png</c> or <c>.jpg</c>.
/// </summary>
internal static class FashionIqReader
{
    /// <summary>The three categories, in the order of published tables.</summary>
    public static IReadOnlyList<string> Categories { get; } = ["dress", "shirt", "toptee"];

    /// <summary>Reads one category.</summary>
    /// <param name="root">The folder that holds <c>captions</c>, <c>image_splits</c> and <c>images</c>.</param>
    /// <param name="category">One of <see cref="Categories"/>.</param>
    /// <param name="split"><c>val</c>, <c>test</c> (no targets) or <c>train</c>.</param>
    /// <param name="gallery">Which images are ranked.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed, or names do not match.</exception>
    public static EvaluationDataset Read(string root, string category, string split = "val", GalleryProtocol gallery = GalleryProtocol.Split)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(category);
        ArgumentException.ThrowIfNullOrWhiteSpace(split);
        const string Remedy = "Give the folder that holds FashionIQ's 'captions', 'image_splits' and 'images'.";
        JsonField captions = AnnotationFile.Read(Path.Combine(root, "captions", $"cap.{category}.{split}.json"), Remedy);
        JsonField names = AnnotationFile.Read(Path.Combine(root, "image_splits", $"split.{category}.{split}.json"), Remedy);

        List<EvaluationQuery> queries = [];
        foreach (JsonField entry in captions.Entries())
        {
            IReadOnlyList<string> texts = entry["captions"].Texts();
            queries.Add(new EvaluationQuery($"{queries.Count}", entry["candidate"].FileName(), texts.Count == 2 ? texts : throw entry["captions"].Unexpected("two captions"))
            {
                Target = entry["target"].OrNull?.FileName(),
            });
        }

        ImageLookup images = new(Path.Combine(root, "images"), ".png", ".jpg", ".jpeg");
        IEnumerable<string> listed = names.Items("a JSON array of image names").Select(item => item.FileName());
        EvaluationDataset dataset = new("fashioniq", split, [.. listed.Select(name => new GalleryImage(name, images.PathOf(name)))], queries)
        {
            Category = category,
        };
        DatasetConsistency.Check(dataset, captions.File);
        return gallery == GalleryProtocol.Split ? dataset : dataset.RestrictToUnion();
    }

    private static EvaluationDataset RestrictToUnion(this EvaluationDataset dataset)
    {
        HashSet<string> used = [.. dataset.Queries.Select(query => query.Reference), .. dataset.Queries.Select(query => query.Target).OfType<string>()];
        return dataset with
        {
            Gallery = [.. dataset.Gallery.Where(image => used.Contains(image.Name))],
            GalleryProtocol = GalleryProtocol.ValUnion,
        };
    }
}
