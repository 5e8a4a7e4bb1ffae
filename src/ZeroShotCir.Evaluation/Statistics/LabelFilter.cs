namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>Which queries are judged by.</summary>
public enum LabelFilter
{
    /// <summary>Those that no retriever of the pool solves from one half: whatever was solved with both, or not at all.</summary>
    ShortcutFree,

    /// <summary>Those that some retriever of the pool solves with both halves and none with one. Who solved them may not be judged by them.</summary>
    CompositionRequired,
}
