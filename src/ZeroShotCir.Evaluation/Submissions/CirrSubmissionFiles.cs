namespace ZeroShotCir.Evaluation.Submissions;

/// <summary>Where the two files of a CIRR submission are.</summary>
public sealed class CirrSubmissionFiles
{
    internal CirrSubmissionFiles(string recall, string subset)
    {
        Recall = recall;
        Subset = subset;
    }

    /// <summary>The path of <c>recall.json</c>.</summary>
    public string Recall { get; }

    /// <summary>The path of <c>recall_subset.json</c>.</summary>
    public string Subset { get; }
}
