using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Reads annotation files so that what is wrong in them is said with its place.</summary>
internal static class AnnotationFile
{
    // GeneCIS's and COCO's largest have tens of megabytes.
    private const long MaxBytes = 1 << 29;
    private const long MaxLineBytes = 1 << 24;
    private const int ListedNeighbors = 12;

    /// <param name="path">The file.</param>
    /// <param name="remedy">What to give instead where it is not there.</param>
    /// <exception cref="InvalidDatasetException">It cannot be read.</exception>
    public static JsonField Read(string path, string remedy) => JsonFile.Read(path, Format(path, remedy, MaxBytes));

    /// <summary>The objects of a file that has one on each line.</summary>
    /// <exception cref="InvalidDatasetException">It cannot be read, or a line is no object; told when the line is reached.</exception>
    public static IEnumerable<JsonField> ReadLines(string path, string remedy) => JsonFile.ReadLines(path, Format(path, remedy, MaxLineBytes)).Select(entry => entry.Object());

    /// <summary>The entries of a file that is an array of objects.</summary>
    public static IEnumerable<JsonField> Entries(this JsonField root) => root.Items().Select(entry => entry.Object());

    /// <summary>A text that can name a file.</summary>
    public static string FileName(this JsonField field)
    {
        string name = field.Text("an image name");
        return name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) ? name : throw field.Unexpected("an image name");
    }

    private static JsonFormat Format(string path, string remedy, long maxBytes) => new("annotation file", (message, cause) => new InvalidDatasetException(message, cause))
    {
        MaxBytes = maxBytes,
        Remedy = "Compare it with the official release, or download it again.",
        WhenMissing = Neighbors(path) + remedy,
    };

    // Where the folder is right, the split or the category is not.
    private static string Neighbors(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder || !Directory.Exists(folder))
        {
            return string.Empty;
        }

        string[] files = [.. Directory.EnumerateFiles(folder, "*" + Path.GetExtension(path), new EnumerationOptions { IgnoreInaccessible = true })
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        return files.Length == 0
            ? string.Empty
            : $"Its folder has {string.Join(", ", files.Take(ListedNeighbors))}{(files.Length > ListedNeighbors ? ", …" : string.Empty)}: check the split. ";
    }
}
