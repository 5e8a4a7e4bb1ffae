namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery verify</c>.</summary>
internal sealed record VerifyDocument(int Count, int Files, long Bytes, IReadOnlyList<string> Problems, double Seconds) : PartialResult;
