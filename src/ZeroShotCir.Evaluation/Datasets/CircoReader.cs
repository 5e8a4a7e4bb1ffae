using System.Globalization;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads CIRCO (Baldrati et al., ICCV 2023): <c>annotations/{split}.json</c> and, for the gallery,
/// <c>COCO2017_unlabeled/annotations/image_info_unlabeled2017.json</c> with <c>COCO2017_unlabeled/unlabeled2017/{id:12 digits}.jpg</c>, or both
/// of these folders beside the annotations.
/// </summary>
/// <remarks>The reference stays in the ranking, as in the published evaluations; it is never a right answer.</remarks>
internal static class CircoReader
{
    private const string ImageFolder = "COCO2017_unlabeled";
    private const string IndexFile = "image_info_unlabeled2017.json";

    /// <summary>Reads one split.</summary>
    /// <param name="root">The folder that holds <c>annotations</c> and, where images are encoded, <c>COCO2017_unlabeled</c>.</param>
    /// <param name="split"><c>val</c> or <c>test</c> (no targets).</param>
    /// <returns>The data set; its gallery is empty where the index of images is not there, and precomputed features bring their own.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed.</exception>
    public static EvaluationDataset Read(string root, string split = "val")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(split);
        JsonField annotations = AnnotationFile.Read(
            Path.Combine(root, "annotations", $"{split}.json"), "Give the folder that holds CIRCO's 'annotations' and 'COCO2017_unlabeled'.");

        List<EvaluationQuery> queries = [];
        foreach (JsonField entry in annotations.Entries())
        {
            queries.Add(new EvaluationQuery(Name(entry["id"]), Name(entry["reference_img_id"]), [entry["relative_caption"].Text()])
            {
                Target = entry["target_img_id"].OrNull is { } target ? Name(target) : null,
                GroundTruths = entry["gt_img_ids"].OrNull is { } truths ? [.. truths.Items().Select(Name)] : [],
                SharedConcept = entry["shared_concept"].OrNull?.Text(),
                SemanticAspects = entry["semantic_aspects"].OrNull?.Texts() ?? [],
            });
        }

        EvaluationDataset dataset = new("circo", split, ReadGallery(root), queries);
        DatasetConsistency.Check(dataset, annotations.File);
        return dataset;
    }

    // COCO's two archives lie in a folder of their own, as CIRCO's site asks, or were unpacked beside the annotations.
    private static List<GalleryImage> ReadGallery(string root)
    {
        string[] folders = [Path.Combine(root, ImageFolder), root];
        string? index = folders.Select(folder => Path.Combine(folder, "annotations", IndexFile)).FirstOrDefault(File.Exists);
        if (index is null)
        {
            return [];
        }

        string images = folders.Select(folder => Path.Combine(folder, "unlabeled2017")).FirstOrDefault(Directory.Exists, Path.Combine(folders[0], "unlabeled2017"));
        JsonField file = AnnotationFile.Read(index, "It comes with the COCO 2017 unlabeled images.");
        return [.. file["images"].Entries().Select(image => new GalleryImage(Name(image["id"]), Path.Combine(images, image["file_name"].FileName())))];
    }

    private static string Name(JsonField id) => id.Int64().ToString(CultureInfo.InvariantCulture);
}
