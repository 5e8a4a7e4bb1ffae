namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>What a check of a data set found.</summary>
public sealed class DatasetReport
{
    internal DatasetReport(
        string dataset,
        int gallery,
        int queries,
        IReadOnlyList<ImageProblem> imageProblems,
        IReadOnlyList<string> blankCaptions,
        int usableQueries,
        int? captionedImages,
        IReadOnlyList<string> unknownCaptions)
    {
        Dataset = dataset;
        Gallery = gallery;
        Queries = queries;
        ImageProblems = imageProblems;
        BlankCaptions = blankCaptions;
        UsableQueries = usableQueries;
        CaptionedImages = captionedImages;
        UnknownCaptions = unknownCaptions;
    }

    /// <summary>The label of the data set.</summary>
    public string Dataset { get; }

    /// <summary>The images that the data set names; 0 where the index of its images is not there.</summary>
    public int Gallery { get; }

    /// <summary>The queries that it has.</summary>
    public int Queries { get; }

    /// <summary>The images that cannot be used, in the order of the gallery.</summary>
    public IReadOnlyList<ImageProblem> ImageProblems { get; }

    /// <summary>The ids of queries with a caption that says nothing, once per such caption; they are encoded as they are.</summary>
    public IReadOnlyList<string> BlankCaptions { get; }

    /// <summary>The queries whose reference and target can be used.</summary>
    public int UsableQueries { get; }

    /// <summary>The images with captions of their own; <see langword="null"/> where no captions were given.</summary>
    public int? CaptionedImages { get; }

    /// <summary>The names with captions that are no image of this gallery.</summary>
    public IReadOnlyList<string> UnknownCaptions { get; }

    /// <summary>The folders that explain missing images; single files that are missing from a folder are in <see cref="ImageProblems"/> only.</summary>
    /// <value>Empty, the default value, where every folder of images is there.</value>
    public IReadOnlyList<MissingFolder> MissingFolders { get; internal init; } = [];

    /// <summary>The images without a file.</summary>
    public int Missing => ImageProblems.Count(problem => problem.Kind == ImageProblemKind.Missing);

    /// <summary>The files that cannot be read or decoded.</summary>
    public int Corrupt => ImageProblems.Count(problem => problem.Kind == ImageProblemKind.Corrupt);

    /// <summary>Whether there are images and every one can be used, so that figures compare with published ones.</summary>
    public bool IsComplete => Gallery > 0 && ImageProblems.Count == 0;
}
