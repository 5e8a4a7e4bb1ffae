namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What was found in a folder, and what was not looked at.</summary>
public sealed class ImageFolderContent
{
    internal ImageFolderContent(
        IReadOnlyList<ImageFolderFile> files, IReadOnlyList<ImageFolderProblem> problems, IReadOnlyDictionary<string, int> leftOut, int hidden, int links)
    {
        Files = files;
        Problems = problems;
        LeftOut = leftOut;
        Hidden = hidden;
        Links = links;
    }

    /// <summary>The files, by ascending <see cref="ImageFolderFile.Name"/>.</summary>
    public IReadOnlyList<ImageFolderFile> Files { get; }

    /// <summary>Files and folders that could not be read.</summary>
    public IReadOnlyList<ImageFolderProblem> Problems { get; }

    /// <summary>How many files are no images, by ending (<c>.txt</c>, or <c>(none)</c>); empty where that was not asked.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; }

    /// <summary>How many hidden files and folders, and ones a pattern leaves out, were not looked at.</summary>
    public int Hidden { get; }

    /// <summary>How many links that lead out of the folder were not followed.</summary>
    public int Links { get; }
}
