namespace ZeroShotCir.Galleries.Indexing;

/// <summary>A file that could not be used, and why.</summary>
internal sealed record UnusableFile(string Id, long Bytes, DateTimeOffset Modified, DateTimeOffset? Changed, string Error);
