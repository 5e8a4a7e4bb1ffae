using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads composed queries in M-BEIR's layout (Wei et al., UniIR) and the subsets of CIRCUS: JSON lines
/// <c>{"qid", "query_txt", "query_img_path", "pos_cand_list", "neg_cand_list"}</c> in files <c>mbeir_{task}_….jsonl</c>, and a pool of candidates
/// <c>{"did", "img_path"}</c> whose file name ends in <c>cand_pool.jsonl</c>, or is the task's.
/// </summary>
/// <remarks>
/// Recall counts any positive among the first k, and the query's image stays in the pool: figures are not those of the data sets that the
/// queries come from. A query's image that is not in the pool is read from its own path.
/// </remarks>
internal static class MbeirReader
{
    private const string Remedy = "Give the folder that holds M-BEIR's 'query' and 'cand_pool', or one with the queries' and the candidates' files.";

    /// <summary>The tasks that a folder has queries of, such as <c>cirr_task7</c>.</summary>
    /// <param name="root">The folder.</param>
    /// <returns>Their names, in order.</returns>
    /// <exception cref="InvalidDatasetException">It has none.</exception>
    public static IReadOnlyList<string> TasksIn(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        string[] tasks = [.. Files(root).Where(file => !IsPool(file)).Select(TaskOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return tasks.Length > 0 ? tasks : throw new InvalidDatasetException($"The folder '{root}' has no file 'mbeir_….jsonl' of queries. {Remedy}");
    }

    /// <summary>Reads one task.</summary>
    /// <param name="root">
    /// The folder that holds queries and candidates, in any folders below it; pictures lie at their paths below it or in its <c>mbeir_images</c>' parent.
    /// </param>
    /// <param name="task">One of <see cref="TasksIn"/>.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing, malformed, or not the only one of its kind.</exception>
    public static EvaluationDataset Read(string root, string task)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        string[] files = [.. Files(root)];
        string queryFile = Only([.. files.Where(file => !IsPool(file) && TaskOf(file) == task)], root, $"queries of '{task}'");
        string poolFile = Only([.. files.Where(file => IsPool(file) && (TaskOf(file) == task || files.Count(IsPool) == 1))], root, $"candidates of '{task}'");

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        List<GalleryImage> gallery = [];
        foreach (JsonField entry in Entries(poolFile))
        {
            string path = entry["img_path"].FileName();
            gallery.Add(new GalleryImage(entry["did"].Text(), Path.Combine(root, path)));
            names.TryAdd(path, gallery[^1].Name);
        }

        Dictionary<string, GalleryImage> references = new(StringComparer.Ordinal);
        List<EvaluationQuery> queries = [];
        foreach (JsonField entry in Entries(queryFile))
        {
            string path = entry["query_img_path"].FileName();
            string[] right = [.. entry["pos_cand_list"].Texts().Distinct(StringComparer.Ordinal)];
            if (!names.TryGetValue(path, out string? reference))
            {
                reference = path;
                references.TryAdd(path, new GalleryImage(path, Path.Combine(root, path)));
            }

            queries.Add(new EvaluationQuery(entry["qid"].Text(), reference, [entry["query_txt"].OrNull?.Text() ?? string.Empty])
            {
                Target = right.FirstOrDefault() ?? throw entry["pos_cand_list"].Unexpected("at least one right answer"),
                GroundTruths = right.Length > 1 ? right : [],
                Negatives = entry["neg_cand_list"].OrNull?.Texts() ?? [],
            });
        }

        EvaluationDataset dataset = new("mbeir", "val", gallery, queries) { Category = task, References = [.. references.Values] };
        DatasetConsistency.Check(dataset, queryFile);
        return dataset;
    }

    private static IEnumerable<JsonField> Entries(string path) => AnnotationFile.ReadLines(path, Remedy);

    private static IEnumerable<string> Files(string root) => !Directory.Exists(root)
        ? throw new InvalidDatasetException($"The folder '{root}' does not exist. {Remedy}")
        : Directory.EnumerateFiles(root, "*.jsonl", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(file => !file.EndsWith(".trace.jsonl", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static bool IsPool(string file)
        => Path.GetFileName(file).Contains("cand_pool", StringComparison.Ordinal) || Path.GetDirectoryName(file)!.Split(Path.DirectorySeparatorChar).Contains("cand_pool");

    // mbeir_cirr_task7_test.jsonl, mbeir_cirr_task7_test_multimodal.jsonl, mbeir_cirr_task7_cand_pool.jsonl, cirr_task7.jsonl
    private static string TaskOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        name = name.StartsWith("mbeir_", StringComparison.Ordinal) ? name["mbeir_".Length..] : name;
        string[] parts = name.Split('_');
        int task = Array.FindIndex(parts, part => part.StartsWith("task", StringComparison.Ordinal));
        return task < 0 ? name : string.Join('_', parts.Take(task + 1));
    }

    private static string Only(string[] files, string root, string what) => files switch
    {
        [var file] => file,
        [] => throw new InvalidDatasetException($"The folder '{root}' has no file of {what}. {Remedy}"),
        _ => throw new InvalidDatasetException(
            $"The folder '{root}' has {files.Length} files of {what}: '{files[0]}', '{files[1]}'. Give a folder with one, such as one subset's."),
    };
}
