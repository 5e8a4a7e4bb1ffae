using System.Globalization;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads CIRCO (Baldrati et al., ICCV 2023): <c>annotations/{split}.json</c> and, for the gallery,
/// <c>COCO2017_unlabeled/annotations/image_info_unlabeled2017.json</c> with <c>COCO2017_unlabeled/unlabeled2017/{id:12 digits}.jpg</c>.
/// </summary>
/// <remarks>The reference stays in the ranking, as in the published evaluations; it is never a right answer.</remarks>
public static class CircoReader
{
    /// <summary>Reads one split.</summary>
    /// <param name="root">The folder that holds <c>annotations</c> and, where images are encoded, <c>COCO2017_unlabeled</c>.</param>
    /// <param name="split"><c>val</c> or <c>test</c> (no targets).</param>
    /// <returns>The data set; its gallery is empty where the index of images is not there, and precomputed features bring their own.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed.</exception>
    public static EvaluationDataset Read(string root, string split = "val")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(split);
        AnnotationFile annotations = AnnotationFile.Read(
            Path.Combine(root, "annotations", $"{split}.json"), "Give the folder that holds CIRCO's 'annotations' and 'COCO2017_unlabeled'.");

        List<EvaluationQuery> queries = [];
        foreach (AnnotationFile.Entry entry in annotations.Entries())
        {
            queries.Add(new EvaluationQuery(Name(entry.Integer("id")), Name(entry.Integer("reference_img_id")), [entry.Text("relative_caption")])
            {
                Target = entry.Has("target_img_id") ? Name(entry.Integer("target_img_id")) : null,
                GroundTruths = entry.Has("gt_img_ids") ? [.. entry.Integers("gt_img_ids").Select(Name)] : [],
                SharedConcept = entry.TextOrNull("shared_concept"),
                SemanticAspects = entry.Has("semantic_aspects") ? entry.Texts("semantic_aspects") : [],
            });
        }

        EvaluationDataset dataset = new("circo", split, ReadGallery(Path.Combine(root, "COCO2017_unlabeled")), queries);
        DatasetConsistency.Check(dataset, annotations.Path);
        return dataset;
    }

    private static List<GalleryImage> ReadGallery(string folder)
    {
        string index = Path.Combine(folder, "annotations", "image_info_unlabeled2017.json");
        if (!File.Exists(index))
        {
            return [];
        }

        AnnotationFile file = AnnotationFile.Read(index, "It comes with the COCO 2017 unlabeled images.");
        file.Require(file.Root.ValueKind == System.Text.Json.JsonValueKind.Object, "the file", "a JSON object", file.Root);
        AnnotationFile.Entry root = new(file, file.Root, "the file");
        return [.. root.Objects("images").Select(image => new GalleryImage(Name(image.Integer("id")), Path.Combine(folder, "unlabeled2017", image.Text("file_name"))))];
    }

    private static string Name(long id) => id.ToString(CultureInfo.InvariantCulture);
}
