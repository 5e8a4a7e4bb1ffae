namespace ZeroShotCir.Tool.Documents;

/// <summary>A folder of images that is not there or holds none of them.</summary>
internal sealed record MissingFolderDocument(string Path, int Images, string? FoundIn);
