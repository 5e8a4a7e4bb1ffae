using System.Globalization;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>
/// Reads CIRCLED (<c>tk1441/CIRCLED</c>): <c>{subset}.json</c> in the root or its <c>data</c> folder, sessions of two to six turns over the
/// images of FashionIQ, CIRR and CIRCO.
/// </summary>
/// <remarks>
/// The last turn of a published session is by construction the first success of the system that made it, and its earlier turns are
/// failures: R@10 of early turns is biased downwards.
/// </remarks>
public static class CircledReader
{
    /// <summary>The subsets whose images' targets are published.</summary>
    public static IReadOnlyList<string> Subsets { get; } = ["cirr_val", "fashioniq_dress_val", "fashioniq_shirt_val", "fashioniq_toptee_val", "circo_val"];

    /// <summary>The subsets whose files a folder holds.</summary>
    /// <param name="root">The folder that holds the subsets' files, or <c>data</c> with them.</param>
    /// <returns>Their names, in the order of <see cref="Subsets"/>.</returns>
    /// <exception cref="InvalidDatasetException">It holds none.</exception>
    public static IReadOnlyList<string> SubsetsIn(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        string folder = FolderOf(root);
        string[] found = [.. Subsets.Where(subset => File.Exists(Path.Combine(folder, $"{subset}.json")))];
        return found.Length > 0 ? found : throw new InvalidDatasetException(
            $"The folder '{folder}' holds no file of CIRCLED; expected {string.Join(", ", Subsets.Select(subset => $"'{subset}.json'"))}, or some of them.");
    }

    /// <summary>Reads one subset.</summary>
    /// <param name="root">The folder that holds the subsets' files, or <c>data</c> with them.</param>
    /// <param name="subset">The subset, such as <c>cirr_val</c>; its file is that name and <c>.json</c>.</param>
    /// <param name="gallery">The images of the data set that the sessions search, such as CIRR's validation split; empty to leave names unchecked.</param>
    /// <returns>The sessions.</returns>
    /// <exception cref="InvalidDatasetException">The file is missing or malformed, or names an image that is not in the gallery.</exception>
    public static SessionDataset Read(string root, string subset, IReadOnlyList<GalleryImage> gallery)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(subset);
        ArgumentNullException.ThrowIfNull(gallery);
        string folder = FolderOf(root);
        JsonField annotations = AnnotationFile.Read(
            Path.Combine(folder, $"{subset}.json"), $"Give the folder that holds CIRCLED's files; subsets are {string.Join(", ", Subsets)}.");
        bool isCirco = subset.StartsWith("circo", StringComparison.Ordinal);
        return new SessionDataset("circled", subset, gallery, [.. annotations.Entries().Select(Session)]);

        EvaluationSession Session(JsonField entry)
        {
            string[] answers = [.. entry["ground_truth_ids"].Items().Select(Name)];
            EvaluationTurn[] turns = [.. entry["turns"].Items().Select(turn => new EvaluationTurn(Name(turn["reference_image_id"]), turn["relative_caption"].Text()))];
            return answers.Length == 0 ? throw entry["ground_truth_ids"].Unexpected("at least one image name")
                : turns.Length == 0 ? throw entry["turns"].Unexpected("at least one turn")
                : entry["num_turns"].OrNull is { } count && count.Int32() != turns.Length ? throw count.Unexpected($"{turns.Length}, the number of its turns")
                : new EvaluationSession(entry["session_id"].Text(), answers, turns);
        }

        // COCO's names are numbers in the annotations that the gallery comes from, and file names with leading zeros here.
        string Name(JsonField field)
        {
            string name = field.FileName();
            return !isCirco ? name
                : long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number.ToString(CultureInfo.InvariantCulture)
                : throw field.Unexpected("a number of COCO's images");
        }
    }

    private static string FolderOf(string root) => Directory.Exists(Path.Combine(root, "data")) ? Path.Combine(root, "data") : root;
}
