using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir preprocess</c>.</summary>
internal sealed record PreprocessDocument(IReadOnlyList<PreprocessedImage> Images, IReadOnlyList<FailedFile> Failed) : PartialResult;
