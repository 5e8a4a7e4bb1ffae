using ZeroShotCir.Evaluator.CommandLine;

namespace ZeroShotCir.Evaluator.Input;

/// <summary>Finds the pictures of a folder and its subfolders by their extensions.</summary>
internal static class ImageFiles
{
    private static readonly HashSet<string> Extensions = new([".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The pictures, each with its id, in the order of the ids: the path below the folder, with slashes, or where they are to be
    /// <paramref name="named"/> the file's name without extension.
    /// </summary>
    /// <exception cref="FileNotFoundException">The folder is missing or holds no picture.</exception>
    /// <exception cref="BadUsageException">Two pictures have the same name.</exception>
    public static IReadOnlyList<(string Id, string Path)> In(DirectoryInfo folder, bool named = false)
    {
        if (!folder.Exists)
        {
            throw new FileNotFoundException(File.Exists(folder.FullName)
                ? $"'{folder}' is a file; expected a folder of pictures."
                : $"The image folder '{folder}' does not exist. Check the path.");
        }

        List<(string Id, string Path)> files =
        [
            .. Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path)))
                .Select(path => (named ? Path.GetFileNameWithoutExtension(path) : Path.GetRelativePath(folder.FullName, path).Replace('\\', '/'), path)),
        ];
        if (files.Count == 0)
        {
            throw new FileNotFoundException($"The folder '{folder}' holds no picture; expected files that end in {string.Join(", ", Extensions)}.");
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        if (files.Zip(files.Skip(1)).FirstOrDefault(pair => pair.First.Id == pair.Second.Id) is { First.Path: { } first, Second.Path: { } second })
        {
            throw new BadUsageException($"'{first}' and '{second}' have the same name. Call pictures by their paths instead.");
        }

        return files;
    }
}
