namespace ZeroShotCir.Evaluator.Output;

/// <summary>The document of <c>cir embed</c>.</summary>
internal sealed record EmbedDocument(int Count, int Dimensions, IReadOnlyList<FailedFile> Failed, double Seconds) : PartialResult;
