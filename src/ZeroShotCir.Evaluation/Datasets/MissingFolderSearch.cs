namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Finds out which folders missing images have in common, and where else the images are.</summary>
internal static class MissingFolderSearch
{
    // A data set was unpacked a few folders away, or it was not unpacked here.
    private const int Depth = 4;
    private const int MostFiles = 500_000;
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = Depth,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static IReadOnlyList<MissingFolder> Run(IReadOnlyList<GalleryImage> gallery, IReadOnlyList<ImageProblem> problems)
    {
        ImageProblem[] missing = [.. problems.Where(problem => problem.Kind == ImageProblemKind.Missing)];
        if (missing.Length == 0)
        {
            return [];
        }

        HashSet<string> absent = [.. missing.Select(problem => problem.Path)];
        HashSet<string> used = [.. gallery.Where(image => !absent.Contains(image.Path)).Select(image => FolderOf(image.Path))];
        Dictionary<string, string?> folders = new(StringComparer.Ordinal);
        List<MissingFolder> found = [];
        foreach (IGrouping<string, ImageProblem> group in missing
            .Select(problem => (Problem: problem, Folder: Explanation(FolderOf(problem.Path))))
            .Where(item => item.Folder is not null)
            .GroupBy(item => item.Folder!, item => item.Problem)
            .OrderByDescending(group => group.Count()))
        {
            bool exists = Directory.Exists(group.Key);
            if (!exists || group.Count() > 1)
            {
                found.Add(new MissingFolder(group.Key, group.Count(), exists, Elsewhere(group.Key, group.First().Path, exists)));
            }
        }

        return found;

        // The outermost folder that is not there, or the one that is there and holds none of its images.
        string? Explanation(string folder)
        {
            if (!folders.TryGetValue(folder, out string? explanation))
            {
                explanation = Directory.Exists(folder) ? used.Contains(folder) ? null : folder : OutermostMissing(folder);
                folders[folder] = explanation;
            }

            return explanation;
        }
    }

    private static string OutermostMissing(string folder)
    {
        while (Path.GetDirectoryName(folder) is { Length: > 0 } parent && !Directory.Exists(parent))
        {
            folder = parent;
        }

        return folder;
    }

    private static string? Elsewhere(string folder, string image, bool exists)
    {
        string name = Path.GetFileNameWithoutExtension(image);
        string inner = Path.GetRelativePath(folder, FolderOf(image));
        string start = exists ? folder : Path.GetDirectoryName(folder) is { Length: > 0 } parent ? parent : ".";
        string? file = Find(start, name) ?? (exists && Path.GetDirectoryName(folder) is { Length: > 0 } above ? Find(above, name) : null);
        if (file is null)
        {
            return null;
        }

        // 'elsewhere/dev/x.png' for 'img_raw/dev/x.png' means that 'elsewhere' is 'img_raw'.
        string found = FolderOf(file), ending = Path.DirectorySeparatorChar + inner;
        return inner != "." && found.EndsWith(ending, StringComparison.Ordinal) ? found[..^ending.Length] : found;
    }

    private static string? Find(string folder, string name)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*", Below).Take(MostFiles).FirstOrDefault(file =>
                Path.GetFileNameWithoutExtension(file.AsSpan()).SequenceEqual(name)
                && Path.GetExtension(file).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG" or ".WEBP");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? string.Empty;
}
