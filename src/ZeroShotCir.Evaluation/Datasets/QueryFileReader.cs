using System.Globalization;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads a data set of one's own: <c>queries.jsonl</c> or <c>queries.csv</c> beside a folder <c>images</c>, whose pictures are the gallery.
/// </summary>
/// <remarks>
/// <para>
/// A line has <c>reference</c>, <c>text</c> and <c>targets</c>, and may have <c>id</c>, <c>negatives</c>, <c>must_have</c>, <c>must_not</c>,
/// <c>paraphrases</c>, <c>candidates</c>, <c>session</c> and <c>turn</c>. Lists are JSON arrays; in the CSV file, whose first line names the columns,
/// they are parted by <c>|</c>. Images are named by their path in <c>images</c>; a <c>gallery.txt</c> with a name on each line says which
/// of them, and in which order, are the gallery.
/// </para>
/// <para>A query's reference is taken out of its ranking, as its user has it already.</para>
/// </remarks>
internal static class QueryFileReader
{
    private const string Remedy = "Give the folder that holds 'queries.jsonl' or 'queries.csv', and 'images'.";
    private static readonly string[] Columns = ["id", "reference", "text", "targets", "negatives", "must_have", "must_not", "paraphrases", "candidates", "session", "turn"];

    /// <summary>Reads the data set.</summary>
    /// <param name="root">The folder.</param>
    /// <returns>The data set; lines with a session are its queries, too, turn by turn.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed, or names an image that is not in the gallery.</exception>
    public static EvaluationDataset Read(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        string csv = Path.Combine(root, "queries.csv");
        string jsonl = Path.Combine(root, "queries.jsonl");
        bool isCsv = File.Exists(csv) && !File.Exists(jsonl);
        string path = isCsv ? csv : jsonl;
        Line[] lines = [.. isCsv ? Csv(csv) : AnnotationFile.ReadLines(jsonl, Remedy).Select(Json)];
        EvaluationDataset dataset = new("queries", "val", Gallery(root), [.. lines.Select(Query)]) { ExcludesReference = true };
        DatasetConsistency.Check(dataset, path);
        return dataset;
    }

    private static EvaluationQuery Query(Line line, int position)
    {
        string id = line.Text("id", string.Empty);
        string session = line.Text("session", string.Empty);
        string turn = line.Text("turn", string.Empty);
        IReadOnlyList<string> targets = [.. line.List("targets").Distinct(StringComparer.Ordinal)];
        return new EvaluationQuery(
            id.Length > 0 ? id : session.Length > 0 ? $"{session}/{turn}" : position.ToString(CultureInfo.InvariantCulture),
            line.Text("reference"),
            [line.Text("text", string.Empty)])
        {
            Target = targets.Count > 0 ? targets[0] : throw line.Fault("expected at least one right answer in 'targets'"),
            GroundTruths = targets.Count > 1 ? targets : [],
            Negatives = line.List("negatives"),
            MustHave = Texts("must_have"),
            MustNot = Texts("must_not"),
            Paraphrases = line.List("paraphrases"),
            Candidates = line.List("candidates"),
            Group = session.Length > 0 ? session : null,
            Turn = turn.Length == 0 ? null : int.TryParse(turn, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                : throw line.Fault($"the turn '{turn}' is no whole number"),
        };

        // A blank text is no constraint, but its embedding would weigh like one.
        IReadOnlyList<string> Texts(string name)
            => line.List(name) is var texts && texts.Any(string.IsNullOrWhiteSpace) ? throw line.Fault($"one of the texts in '{name}' is blank") : texts;
    }

    private static GalleryImage[] Gallery(string root)
    {
        string images = Path.Combine(root, "images");
        string list = Path.Combine(root, "gallery.txt");
        IEnumerable<string> names = File.Exists(list) ? AnnotationLines.Read(list, Remedy)
            : !Directory.Exists(images) ? throw new InvalidDatasetException(
                $"The folder '{images}' does not exist, and no 'gallery.txt' beside it says what is in the gallery. {Remedy}")
            : Directory.EnumerateFiles(images, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .Select(file => Path.GetRelativePath(images, file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal);
        return [.. names.Select(name => new GalleryImage(name, Path.Combine(images, name)))];
    }

    private static Line Json(JsonField entry) => new(
        name => entry[name].OrNull is not { } field ? null
            : field.Kind == System.Text.Json.JsonValueKind.Number ? field.Int64().ToString(CultureInfo.InvariantCulture) : field.Text(),
        name => entry[name].OrNull is not { } field ? [] : field.Kind == System.Text.Json.JsonValueKind.String ? [field.Text()] : field.Texts(),
        what => entry.Fault($"cannot be used: {what}."));

    private static IEnumerable<Line> Csv(string path)
    {
        IReadOnlyList<string> lines = AnnotationLines.Read(path, Remedy);
        string[] columns = [.. (CsvFields.Split(lines[0]) ?? []).Select(column => column.Trim())];
        if (columns.FirstOrDefault(column => !Columns.Contains(column)) is { } unknown || columns.Length < 3)
        {
            throw new InvalidDatasetException(
                $"The file '{path}' begins with '{AnnotationLines.Shortened(lines[0])}'; expected a line that names the columns, of {string.Join(", ", Columns)}.");
        }

        for (int row = 1; row < lines.Count; row++)
        {
            int number = row + 1;
            IReadOnlyList<string>? fields = CsvFields.Split(lines[row]);
            if (fields is null || fields.Count != columns.Length)
            {
                throw new InvalidDatasetException(
                    $"The file '{path}', line {number}: expected {columns.Length} fields as in the first line, found '{AnnotationLines.Shortened(lines[row])}'.");
            }

            string? Field(string name) => Array.IndexOf(columns, name) is >= 0 and var column && fields[column].Length > 0 ? fields[column] : null;
            yield return new Line(
                Field,
                name => Field(name)?.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                what => new InvalidDatasetException($"The file '{path}', line {number}, cannot be used: {what}."));
        }
    }

    private sealed class Line(Func<string, string?> text, Func<string, IReadOnlyList<string>> list, Func<string, Exception> fault)
    {
        public string Text(string name, string? otherwise = null) => text(name) ?? otherwise ?? throw fault($"expected '{name}'");

        public IReadOnlyList<string> List(string name) => list(name);

        public Exception Fault(string what) => fault(what);
    }
}
