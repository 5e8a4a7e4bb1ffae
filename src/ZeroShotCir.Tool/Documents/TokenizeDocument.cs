namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir tokenize</c>.</summary>
internal sealed record TokenizeDocument(IReadOnlyList<TokenizedLine> Results);
