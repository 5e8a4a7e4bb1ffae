namespace ZeroShotCir.Evaluator.Output;

/// <summary>The document of <c>cir index</c>.</summary>
internal sealed record IndexDocument(
    int Added, int Replaced, int Unchanged, int Removed, IReadOnlyList<FailedFile> Failed, int Count, CaptionDocument? Captions, double Seconds) : PartialResult;
