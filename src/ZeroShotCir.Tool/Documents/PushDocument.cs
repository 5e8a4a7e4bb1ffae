namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery push</c>.</summary>
internal sealed record PushDocument(string Store, long Written, long Unchanged, long Deleted, bool Refolded, double Beta, int Count, double Seconds);
