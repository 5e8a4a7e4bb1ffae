using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The pictures of a folder and its subfolders, and what is left out of it.</summary>
internal sealed class ImageFiles
{
    private ImageFiles(IReadOnlyList<(string Id, string Path)> pictures, IReadOnlyList<FailedFile> failed, ImageFolderContent content)
    {
        Pictures = pictures;
        Failed = failed;
        Content = content;
    }

    /// <summary>
    /// The pictures, each with its id, in the order of the ids: the path below the folder, with slashes, or where they are to be named
    /// the file's name without extension.
    /// </summary>
    public IReadOnlyList<(string Id, string Path)> Pictures { get; }

    /// <summary>What could not be looked at.</summary>
    public IReadOnlyList<FailedFile> Failed { get; }

    /// <summary>How many files are no pictures, by ending.</summary>
    public IReadOnlyDictionary<string, int> LeftOut => Content.LeftOut;

    private ImageFolderContent Content { get; }

    /// <summary>Finds them, and says what was left out.</summary>
    /// <exception cref="FileNotFoundException">The folder is missing or holds no picture.</exception>
    /// <exception cref="BadUsageException">Two pictures have the same name.</exception>
    public static ImageFiles In(DirectoryInfo folder, ImageFolderOptions options, IReporter reporter, bool named = false, CancellationToken cancellationToken = default)
    {
        ImageFolderContent content = ImageFolder.ReadImages(folder.ToString(), options, cancellationToken);
        List<(string Id, string Path)> pictures = [.. content.Files.Select(file => (named ? Path.GetFileNameWithoutExtension(file.Name) : file.Name, file.Path))];
        FailedFile[] failed = [.. content.Problems.Select(problem => new FailedFile(problem.Name, problem.Message))];
        foreach (FailedFile problem in failed)
        {
            reporter.Warn(problem.Error);
        }

        new LeftOutFiles(content.LeftOut, content.Hidden, content.Links).ReportTo(reporter);
        if (pictures.Count == 0)
        {
            throw new FileNotFoundException($"The folder '{folder}' holds no picture that can be looked at.");
        }

        pictures.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return pictures.Zip(pictures.Skip(1)).FirstOrDefault(pair => pair.First.Id == pair.Second.Id) is { First.Path: { } first, Second.Path: { } second }
            ? throw new BadUsageException($"'{first}' and '{second}' have the same name. Call pictures by their paths instead.")
            : new ImageFiles(pictures, failed, content);
    }
}
