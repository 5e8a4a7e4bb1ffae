using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads CIRR, release rc2 (Liu et al., ICCV 2021): <c>cirr/captions/cap.rc2.{split}.json</c> and
/// <c>cirr/image_splits/split.rc2.{split}.json</c>, with the folder <c>cirr</c> optional.
/// </summary>
/// <remarks>
/// Images lie under <c>img_raw</c> as CIRR's site says, or as NLVR2 is unpacked, with <c>dev</c>, <c>test1</c> and <c>train</c> directly in
/// the root or in its <c>images</c>. The reference is taken out of every ranking.
/// </remarks>
internal static class CirrReader
{
    /// <summary>Reads one split.</summary>
    /// <param name="root">The folder that holds <c>cirr</c>, or <c>captions</c> and <c>image_splits</c> themselves.</param>
    /// <param name="split"><c>val</c>, <c>test1</c> (no targets) or <c>train</c>.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed, or names do not match.</exception>
    public static EvaluationDataset Read(string root, string split = "val")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(split);
        string annotations = Directory.Exists(Path.Combine(root, "cirr")) ? Path.Combine(root, "cirr") : root;
        const string Remedy = "Give the folder that holds CIRR's 'cirr' (branch cirr_dataset), or 'captions' and 'image_splits' themselves.";
        JsonField captions = AnnotationFile.Read(Path.Combine(annotations, "captions", $"cap.rc2.{split}.json"), Remedy);
        JsonField names = AnnotationFile.Read(Path.Combine(annotations, "image_splits", $"split.rc2.{split}.json"), Remedy);

        IReadOnlyList<KeyValuePair<string, string>> paths = [.. names.Members().Select(image => KeyValuePair.Create(image.Name, image.FileName()))];
        string images = ImageRoot(root, annotations, paths);
        List<EvaluationQuery> queries = [];
        foreach (JsonField entry in captions.Entries())
        {
            string reference = entry["reference"].Text();
            queries.Add(new EvaluationQuery($"{entry["pairid"].Int64()}", reference, [entry["caption"].Text()])
            {
                Target = entry["target_hard"].OrNull?.Text(),
                Subset = [.. entry["img_set"]["members"].Texts().Where(member => member != reference)],
            });
        }

        EvaluationDataset dataset = new("cirr", split, [.. paths.Select(image => new GalleryImage(image.Key, Path.GetFullPath(Path.Combine(images, image.Value))))], queries)
        {
            ExcludesReference = true,
        };
        DatasetConsistency.Check(dataset, captions.File);
        return dataset;
    }

    private static string ImageRoot(string root, string annotations, IReadOnlyList<KeyValuePair<string, string>> paths)
    {
        string usual = Path.Combine(annotations, "img_raw");
        if (paths.Count == 0)
        {
            return usual;
        }

        // The first folder of "./dev/x.png" or "train/12/x.png" tells which layout is there.
        string folder = paths[0].Value.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(part => part != ".", ".");
        string[] candidates = [usual, Path.Combine(root, "img_raw"), annotations, root, Path.Combine(root, "images")];
        return candidates.FirstOrDefault(candidate => Directory.Exists(Path.Combine(candidate, folder)), usual);
    }
}
