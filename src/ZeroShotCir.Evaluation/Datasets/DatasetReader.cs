namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Reads a data set by its name: the parts that results are reported for, one record each.</summary>
public static class DatasetReader
{
    /// <summary>The data sets that can be read.</summary>
    public static IReadOnlyList<string> Names { get; } = ["fashioniq", "cirr", "circo", "genecis", "icir", "patterncom", "mbeir", "queries"];

    /// <summary>Reads a data set.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="root">The folder of the data set, laid out as published.</param>
    /// <param name="split">The split; <c>val</c> everywhere, <c>test1</c> for CIRR, <c>test</c> for FashionIQ and CIRCO.</param>
    /// <param name="categories">FashionIQ categories, GeneCIS tasks, PatternCom attributes or tasks of an M-BEIR folder; empty for all.</param>
    /// <param name="gallery">Which images FashionIQ queries are ranked among.</param>
    /// <returns>One data set per category or task, or a single one.</returns>
    /// <exception cref="ArgumentException">The name or a category is not known, or categories are given for a data set without any.</exception>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed, or names do not match.</exception>
    public static IReadOnlyList<EvaluationDataset> Read(
        string name, string root, string split = "val", IReadOnlyList<string>? categories = null, GalleryProtocol gallery = GalleryProtocol.Split)
    {
        categories ??= [];
        return name switch
        {
            "fashioniq" => [.. Chosen(categories, FashionIqReader.Categories).Select(category => FashionIqReader.Read(root, category, split, gallery))],
            "genecis" => [.. Chosen(categories, GenecisReader.Tasks).Select(task => GenecisReader.Read(root, task))],
            "patterncom" => [.. Chosen(categories, PatternComReader.Attributes).Select(attribute => PatternComReader.Read(root, attribute))],
            "mbeir" => [.. Chosen(categories, MbeirReader.TasksIn(root)).Select(task => MbeirReader.Read(root, task))],
            "icir" => [IcirReader.Read(WithoutCategories(root))],
            "queries" => [QueryFileReader.Read(WithoutCategories(root))],
            "cirr" => [CirrReader.Read(root, WithoutCategories(split))],
            "circo" => [CircoReader.Read(root, WithoutCategories(split))],
            _ => throw new ArgumentException($"The data set '{name}' is not known; known are {string.Join(", ", Names)}.", nameof(name)),
        };

        string WithoutCategories(string value) => categories.Count == 0
            ? value
            : throw new ArgumentException($"The data set '{name}' has no categories, but '{categories[0]}' was asked for.", nameof(categories));
    }

    /// <summary>What people call a data set.</summary>
    internal static string TitleOf(string name) => name switch
    {
        "fashioniq" => "FashionIQ",
        "genecis" => "GeneCIS",
        "icir" => "i-CIR",
        "patterncom" => "PatternCom",
        "mbeir" => "M-BEIR",
        "queries" => "Own queries",
        _ => name.ToUpperInvariant(),
    };

    // Never fewer than asked for: an average over two of three categories would look like the published one and be another figure.
    private static IReadOnlyList<string> Chosen(IReadOnlyList<string> asked, IReadOnlyList<string> known)
    {
        if (asked.FirstOrDefault(category => !known.Contains(category)) is { } unknown)
        {
            throw new ArgumentException($"The category '{unknown}' is not known; known are {string.Join(", ", known)}.", nameof(asked));
        }

        return asked.Count > 0 ? asked : known;
    }
}
