namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>What a query needs to be solved, by what a pool of retrievers found with one half of it and with both.</summary>
public enum QueryLabel
{
    /// <summary>Some retriever finds a right answer with both halves, and none with one alone.</summary>
    CompositionRequired,

    /// <summary>The text alone is enough for some retriever.</summary>
    TextShortcut,

    /// <summary>The image alone is enough for some retriever.</summary>
    ImageShortcut,

    /// <summary>Either half alone is enough for some retriever.</summary>
    BothShortcuts,

    /// <summary>No retriever finds a right answer, with one half or with both.</summary>
    Unresolved,
}
