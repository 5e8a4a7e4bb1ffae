namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir completion</c>.</summary>
internal sealed record CompletionDocument(string Shell, string Script);
