namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir model pull</c>.</summary>
internal sealed record PullDocument(string Repository, string Revision, string Commit, string Folder, IReadOnlyList<string> Files, long DownloadedBytes);
