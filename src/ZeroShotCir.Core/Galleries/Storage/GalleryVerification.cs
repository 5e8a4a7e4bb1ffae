namespace ZeroShotCir.Galleries.Storage;

/// <summary>What checking every byte of a gallery folder found.</summary>
/// <param name="Items">The number of images.</param>
/// <param name="Files">The number of files that were read.</param>
/// <param name="Bytes">Their size together.</param>
/// <param name="Problems">What is wrong, one sentence each, naming the file; empty if the gallery is valid.</param>
public sealed record GalleryVerification(int Items, int Files, long Bytes, IReadOnlyList<string> Problems)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Problems.Count == 0;
}
