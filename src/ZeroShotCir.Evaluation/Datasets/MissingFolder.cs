namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>A folder of images that is not there, or holds none of the images that a data set looks for in it.</summary>
public sealed class MissingFolder
{
    internal MissingFolder(string path, int images, bool exists, string? foundIn)
    {
        Path = path;
        Images = images;
        Exists = exists;
        FoundIn = foundIn;
    }

    /// <summary>Where the images are looked for.</summary>
    public string Path { get; }

    /// <summary>How many images are looked for in it.</summary>
    public int Images { get; }

    /// <summary>Whether there is a folder, which then holds none of them.</summary>
    public bool Exists { get; }

    /// <summary>The folder beside or below it that holds them; <see langword="null"/> where none was found.</summary>
    public string? FoundIn { get; }

    /// <summary>What is wrong and what to do about it, in words.</summary>
    public string Message => (Exists
            ? $"The folder '{Path}' has none of the {Images} images that are looked for in it."
            : $"The folder '{Path}' does not exist; {Images} images are looked for in it.")
        + (FoundIn is null ? " Put them there." : $" They lie in '{FoundIn}': move them, or put a link to that folder there.");

    /// <summary>Finds the folders that explain missing images.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="problems">The problems with its images.</param>
    /// <returns>The folders, those with the most images first; empty where single files are missing.</returns>
    public static IReadOnlyList<MissingFolder> Find(EvaluationDataset dataset, IReadOnlyList<ImageProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(problems);
        return MissingFolderSearch.Run(dataset.Images, problems);
    }

    /// <summary>Whether an image is looked for in the folder.</summary>
    /// <param name="problem">The problem with the image.</param>
    /// <returns>Whether it is.</returns>
    public bool Explains(ImageProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Kind == ImageProblemKind.Missing && problem.Path.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
