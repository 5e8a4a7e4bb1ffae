namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>What a check of a data set found.</summary>
/// <param name="Dataset">The label of the data set.</param>
/// <param name="Gallery">The images that the data set names; 0 where the index of its images is not there.</param>
/// <param name="Queries">The queries that it has.</param>
/// <param name="ImageProblems">The images that cannot be used, in the order of the gallery.</param>
/// <param name="BlankCaptions">The ids of queries with a caption that says nothing, once per such caption; they are encoded as they are.</param>
/// <param name="UsableQueries">The queries whose reference and target can be used.</param>
/// <param name="CaptionedImages">The images with captions of their own; <see langword="null"/> where no captions were given.</param>
/// <param name="UnknownCaptions">The names with captions that are no image of this gallery.</param>
public sealed record DatasetReport(
    string Dataset,
    int Gallery,
    int Queries,
    IReadOnlyList<ImageProblem> ImageProblems,
    IReadOnlyList<string> BlankCaptions,
    int UsableQueries,
    int? CaptionedImages,
    IReadOnlyList<string> UnknownCaptions)
{
    /// <summary>The folders that explain missing images; single files that are missing from a folder are in <see cref="ImageProblems"/> only.</summary>
    /// <value>Empty, the default value, where every folder of images is there.</value>
    public IReadOnlyList<MissingFolder> MissingFolders { get; init; } = [];

    /// <summary>The images without a file.</summary>
    public int Missing => ImageProblems.Count(problem => problem.Kind == ImageProblemKind.Missing);

    /// <summary>The files that cannot be read or decoded.</summary>
    public int Corrupt => ImageProblems.Count(problem => problem.Kind == ImageProblemKind.Corrupt);

    /// <summary>Whether there are images and every one can be used, so that figures compare with published ones.</summary>
    public bool IsComplete => Gallery > 0 && ImageProblems.Count == 0;
}
