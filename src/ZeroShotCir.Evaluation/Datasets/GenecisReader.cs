using System.Globalization;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads GeneCIS (Vaze et al., CVPR 2023): <c>{task}.json</c> in the root or its <c>genecis</c> folder, object tasks on COCO's
/// <c>val2017</c>, attribute tasks on cut-outs of Visual Genome's <c>VG_100K_all</c>.
/// </summary>
/// <remarks>
/// Each query is ranked among its own candidates. The file puts the target first; the gallery here is ordered by name, so that equal
/// scores cannot favor it.
/// </remarks>
internal static class GenecisReader
{
    /// <summary>The four tasks, whose R@1 published tables average.</summary>
    public static IReadOnlyList<string> Tasks { get; } = ["focus_attribute", "change_attribute", "focus_object", "change_object"];

    /// <summary>Reads one task.</summary>
    /// <param name="root">The folder that holds the task files, or <c>genecis</c> with them, and the images.</param>
    /// <param name="task">One of <see cref="Tasks"/>.</param>
    /// <returns>The data set; its split is <c>val</c>, the only one.</returns>
    /// <exception cref="InvalidDatasetException">The file is missing or malformed.</exception>
    public static EvaluationDataset Read(string root, string task)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        string folder = Directory.Exists(Path.Combine(root, "genecis")) ? Path.Combine(root, "genecis") : root;
        JsonField annotations = AnnotationFile.Read(
            Path.Combine(folder, $"{task}.json"), $"Give the folder that holds GeneCIS's task files; tasks are {string.Join(", ", Tasks)}.");

        SortedDictionary<string, GalleryImage> images = new(StringComparer.Ordinal);
        List<EvaluationQuery> queries = [];
        foreach (JsonField entry in annotations.Entries())
        {
            string target = Add(entry["target"]);
            queries.Add(new EvaluationQuery($"{queries.Count}", Add(entry["reference"]), [entry["condition"].Text()])
            {
                Target = target,
                Candidates = [target, .. entry["gallery"].Items().Select(Add)],
            });
        }

        EvaluationDataset dataset = new("genecis", "val", [.. images.Values], queries) { Category = task };
        DatasetConsistency.Check(dataset, annotations.File);
        return dataset;

        string Add(JsonField entry)
        {
            GalleryImage image = entry["val_image_id"].OrNull is not null ? CocoImage(root, entry) : VisualGenomeImage(root, entry);
            images.TryAdd(image.Name, image);
            return image.Name;
        }
    }

    private static GalleryImage CocoImage(string root, JsonField entry)
    {
        string name = entry["val_image_id"].Int64(least: 0).ToString("D12", CultureInfo.InvariantCulture);
        return new GalleryImage(name, Path.Combine(root, "val2017", name + ".jpg"));
    }

    private static GalleryImage VisualGenomeImage(string root, JsonField entry)
    {
        string id = entry["image_id"].Int64(least: 0).ToString(CultureInfo.InvariantCulture);
        double[] box = [.. entry["instance_bbox"].Items().Select(number => number.Double())];
        if (box.Length != 4)
        {
            throw entry["instance_bbox"].Unexpected("four numbers x, y, width, height");
        }

        return new GalleryImage(
            string.Create(CultureInfo.InvariantCulture, $"{id}:{box[0]},{box[1]},{box[2]},{box[3]}"),
            Path.Combine(root, "VG_100K_all", id + ".jpg"),
            new ImageCrop(box[0], box[1], box[2], box[3]));
    }
}
