using System.Globalization;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads i-CIR (NeurIPS 2025): <c>database_files.csv</c> and <c>query_files.csv</c> in the root, its <c>icir</c>, <c>data/icir</c> or <c>annotations</c>
/// folder, with the lines <c>image_path,text_query,instance_id</c>; or the shards in <c>webdataset/database</c> and <c>webdataset/query</c> alone, whose
/// samples say the same.
/// </summary>
/// <remarks>
/// As in the published code: no header and no quoting, so quotation marks belong to a text, and texts compare exactly. A query is ranked
/// among the database's lines of its instance; a line is right where its text is the query's, and a file that is listed twice is two
/// lines. References are not in the database. A query that no line answers counts with an average precision of 0. Pictures are read from
/// their shards where there are any, without unpacking them, and otherwise from their paths.
/// </remarks>
internal static class IcirReader
{
    private const string DatabaseFile = "database_files.csv";
    private const string QueryFile = "query_files.csv";
    private static readonly string[] Folders = ["", "icir", "data/icir", "annotations", "ilcir202_censored", "data/ilcir202_censored"];

    /// <summary>Reads the data set.</summary>
    /// <param name="root">The folder that holds the two files, or one of the folders that it is published in.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed, or a shard was cut off.</exception>
    public static EvaluationDataset Read(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        IReadOnlyList<string> databaseShards = IcirShards.Find(root, IcirShards.Database);
        IReadOnlyList<string> queryShards = IcirShards.Find(root, IcirShards.Query);
        string? folder = Folders.Select(part => Path.Combine(root, part)).FirstOrDefault(path => File.Exists(Path.Combine(path, DatabaseFile)));
        if (folder is null && databaseShards.Count + queryShards.Count > 0 && (databaseShards.Count == 0 || queryShards.Count == 0))
        {
            (string found, string missing) = databaseShards.Count == 0 ? ("queries", "database") : ("database", "queries");
            throw new InvalidDatasetException($"The folder '{root}' has shards of the {found} and neither those of the {missing} nor '{DatabaseFile}'. Download both.");
        }

        IReadOnlyList<IcirSample> ofDatabase = IcirShards.Read(databaseShards);
        IReadOnlyList<IcirSample> ofQueries = IcirShards.Read(queryShards);
        bool hasLines = folder is not null || ofDatabase.Count == 0;
        folder ??= root;
        string[] images = ImageRoots(root, folder);
        IReadOnlyList<Line> database = hasLines ? Lines(Path.Combine(folder, DatabaseFile)) : [.. ofDatabase.Select(Line.FromSample)];
        IReadOnlyList<Line> asked = hasLines ? Lines(Path.Combine(folder, QueryFile)) : [.. ofQueries.Select(Line.FromSample)];
        IReadOnlyList<string> names = RepeatedNames.Number(database.Select(line => line.Path));
        ILookup<string, IcirSample> packed = ofDatabase.Concat(ofQueries).ToLookup(sample => IcirShards.KeyOf(sample.Path), StringComparer.Ordinal);
        GalleryImage[] gallery = [.. database.Select((line, row) => hasLines ? Image(names[row], line.Path) : Packed(names[row], ofDatabase[row]))];
        GalleryImage[] references = [.. asked.DistinctBy(line => line.Path).Select(line => Image(line.Path, line.Path))];
        ILookup<string, int> instances = Enumerable.Range(0, database.Count).ToLookup(row => database[row].Instance, StringComparer.Ordinal);
        EvaluationQuery[] queries = [.. asked.Select((line, position) => Query(line, position))];

        EvaluationDataset dataset = new("icir", "val", gallery, queries) { References = references };
        DatasetConsistency.Check(dataset, hasLines ? Path.Combine(folder, QueryFile) : queryShards[0]);
        return dataset;

        GalleryImage Image(string name, string path)
            => packed[IcirShards.KeyOf(path)].FirstOrDefault() is { } sample ? Packed(name, sample) : new GalleryImage(name, Find(images, path));

        static GalleryImage Packed(string name, IcirSample sample) => new(name, sample.Shard) { Part = sample.Part };

        EvaluationQuery Query(Line line, int position)
        {
            string[] right = [.. instances[line.Instance].Where(row => database[row].Text == line.Text).Select(row => names[row])];
            string[] own = [.. instances[line.Instance].Select(row => names[row])];
            return own.Length > 0
                ? new EvaluationQuery(position.ToString(CultureInfo.InvariantCulture), line.Path, [line.Text])
                {
                    Target = right.FirstOrDefault(),
                    GroundTruths = right.Length > 1 ? right : [],
                    Candidates = own,
                    Group = line.Instance,
                }
                : throw new InvalidDatasetException(
                    hasLines
                        ? $"The file '{Path.Combine(folder, QueryFile)}', line {position + 1}, asks for the instance '{line.Instance}', "
                            + $"of which '{DatabaseFile}' has no line. Both files must be of one release."
                        : $"The shard '{ofQueries[position].Shard}' asks for the instance '{line.Instance}' with '{line.Path}', "
                            + "of which the database's shards have no picture. All shards must be of one release.");
        }
    }

    // Paths begin with the data set's folder; older files put './data/' before it.
    private static string[] ImageRoots(string root, string folder)
        => [root, folder, Path.GetDirectoryName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)) ?? root, Path.Combine(root, "data")];

    private static string Find(string[] roots, string path)
    {
        string relative = path.StartsWith("./data/", StringComparison.Ordinal) ? path["./data/".Length..] : path;
        return roots.Select(root => Path.Combine(root, relative)).FirstOrDefault(File.Exists, Path.Combine(roots[2], relative));
    }

    private static IReadOnlyList<Line> Lines(string path)
    {
        IReadOnlyList<string> lines = AnnotationLines.Read(path, "Give the folder that holds i-CIR's 'database_files.csv' and 'query_files.csv'.");
        return [.. lines.Select((line, row) => line.Trim().Split(',') is [{ Length: > 0 } image, var text, { Length: > 0 } instance] ? new Line(image, text, instance)
            : throw new InvalidDatasetException(
                $"The file '{path}', line {row + 1}: expected image_path,text_query,instance_id, found '{AnnotationLines.Shortened(line)}'. "
                + "Compare it with the official release."))];
    }

    private sealed record Line(string Path, string Text, string Instance)
    {
        public static Line FromSample(IcirSample sample) => new(sample.Path, sample.Text, sample.Instance);
    }
}
