namespace ZeroShotCir.Evaluator.Input;

/// <summary>Finds the pictures of a folder and its subfolders by their extensions.</summary>
internal static class ImageFiles
{
    private static readonly HashSet<string> Extensions = new([".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The pictures, each with its id: the path below the folder, with slashes; in the order of the ids.</summary>
    /// <exception cref="FileNotFoundException">The folder is missing or holds no picture.</exception>
    public static IReadOnlyList<(string Id, string Path)> In(DirectoryInfo folder)
    {
        if (!folder.Exists)
        {
            throw new FileNotFoundException($"The image folder '{folder}' does not exist. Check the path.");
        }

        List<(string Id, string Path)> files =
        [
            .. Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path)))
                .Select(path => (Path.GetRelativePath(folder.FullName, path).Replace('\\', '/'), path)),
        ];
        if (files.Count == 0)
        {
            throw new FileNotFoundException($"The folder '{folder}' holds no picture; expected files that end in {string.Join(", ", Extensions)}.");
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return files;
    }
}
