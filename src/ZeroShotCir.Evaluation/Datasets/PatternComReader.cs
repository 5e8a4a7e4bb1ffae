using System.Globalization;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads PatternCom (Psomas et al., rscir): <c>patternnet.csv</c> with lines <c>path number class</c>, and <c>PatternCom/{attribute}.csv</c> with
/// lines <c>file,attribute,value</c>, in the root or its <c>PatternNet</c> folder.
/// </summary>
/// <remarks>
/// As in the published code: a query is an image with one value of the attribute and, as text, another value that occurs in its class;
/// right are the images of that class with that value. A class is a file's name up to its first digit, and ten of them are merged with
/// others before. The query's image stays in the gallery. A file that is listed twice has the value of its last line.
/// </remarks>
internal static class PatternComReader
{
    private static readonly Dictionary<string, string> Merged = new(StringComparer.Ordinal)
    {
        ["denseresidential"] = "residential",
        ["sparseresidential"] = "residential",
        ["closedroad"] = "road",
        ["intersection"] = "road",
        ["bridge"] = "roadpass",
        ["overpass"] = "roadpass",
        ["ferryterminal"] = "pier",
        ["harbor"] = "pier",
        ["parkingspace"] = "parking",
        ["parkinglot"] = "parking",
    };

    /// <summary>The attributes, whose measures published tables average.</summary>
    public static IReadOnlyList<string> Attributes { get; } = ["color", "context", "density", "existence", "quantity", "shape"];

    /// <summary>Reads one attribute.</summary>
    /// <param name="root">The folder that holds <c>patternnet.csv</c> and <c>PatternCom</c>, or <c>PatternNet</c> with them.</param>
    /// <param name="attribute">One of <see cref="Attributes"/>.</param>
    /// <returns>The data set; its split is <c>val</c>, the only one.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed.</exception>
    public static EvaluationDataset Read(string root, string attribute)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(attribute);
        string folder = Directory.Exists(Path.Combine(root, "PatternNet")) ? Path.Combine(root, "PatternNet") : root;
        GalleryImage[] gallery = Gallery(folder);
        Dictionary<string, string> paths = gallery
            .GroupBy(image => FileOf(image.Name), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);
        string path = Path.Combine(folder, "PatternCom", $"{attribute}.csv");
        LabeledImage[] images = Labels(path, paths);

        List<EvaluationQuery> queries = [];
        foreach (LabeledImage image in images)
        {
            LabeledImage[] others = [.. images.Where(other => other.Class == image.Class && other.Value != image.Value)];
            foreach (string value in others.Select(other => other.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                string[] right = [.. others.Where(other => other.Value == value).Select(other => other.Name)];
                queries.Add(new EvaluationQuery(queries.Count.ToString(CultureInfo.InvariantCulture), image.Name, [value])
                {
                    Target = right[0],
                    GroundTruths = right.Length > 1 ? right : [],
                });
            }
        }

        EvaluationDataset dataset = new("patterncom", "val", gallery, queries) { Category = attribute };
        DatasetConsistency.Check(dataset, path);
        return dataset;
    }

    private static GalleryImage[] Gallery(string folder)
    {
        string path = Path.Combine(folder, "patternnet.csv");
        IReadOnlyList<string> lines = AnnotationLines.Read(path, "Give the folder that holds PatternNet's 'patternnet.csv' and 'PatternCom'.");
        return [.. lines.Select((line, row) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var image, _, _] ? new GalleryImage(image, Path.Combine(folder, image))
            : throw new InvalidDatasetException(
                $"The file '{path}', line {row + 1}: expected path, number and class with spaces between, found '{AnnotationLines.Shortened(line)}'. "
                + "Compare it with the official release."))];
    }

    private static LabeledImage[] Labels(string path, Dictionary<string, string> paths)
    {
        IReadOnlyList<string> lines = AnnotationLines.Read(path, $"Attributes are {string.Join(", ", Attributes)}.");
        OrderedDictionary<string, LabeledImage> images = new(StringComparer.Ordinal);
        for (int row = 0; row < lines.Count; row++)
        {
            if (CsvFields.Split(lines[row]) is not [{ Length: > 0 } file, _, { Length: > 0 } value])
            {
                throw new InvalidDatasetException(
                    $"The file '{path}', line {row + 1}: expected file,attribute,value, found '{AnnotationLines.Shortened(lines[row])}'. "
                    + "Compare it with the official release.");
            }

            string name = FileOf(file);
            images[name] = paths.TryGetValue(name, out string? image) ? new LabeledImage(image, ClassOf(name), value)
                : throw new InvalidDatasetException($"The file '{path}', line {row + 1}: the image '{name}' is not in 'patternnet.csv'. Both files must be of one release.");
        }

        return [.. images.Values];
    }

    private static string FileOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string ClassOf(string file)
    {
        int digit = file.AsSpan().IndexOfAnyInRange('0', '9');
        string name = digit < 0 ? file : file[..digit];
        return Merged.GetValueOrDefault(name, name);
    }

    private sealed record LabeledImage(string Name, string Class, string Value);
}
