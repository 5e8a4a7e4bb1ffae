namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>What is wrong with an image of a data set.</summary>
public enum ImageProblemKind
{
    /// <summary>There is no file.</summary>
    Missing,

    /// <summary>There is a file that cannot be read or decoded.</summary>
    Corrupt,
}
