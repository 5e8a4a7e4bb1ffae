namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery export</c> and <c>cir gallery import</c>.</summary>
internal sealed record ArchiveDocument(string Gallery, string File, int Files, long Bytes, int Count);
