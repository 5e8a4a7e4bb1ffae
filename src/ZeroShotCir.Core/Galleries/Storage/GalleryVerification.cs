namespace ZeroShotCir.Galleries.Storage;

/// <summary>What checking every byte of a gallery folder found.</summary>
public sealed class GalleryVerification
{
    internal GalleryVerification(int items, int files, long bytes, IReadOnlyList<string> problems)
    {
        Items = items;
        Files = files;
        Bytes = bytes;
        Problems = problems;
    }

    /// <summary>The number of images.</summary>
    public int Items { get; }

    /// <summary>The number of files that were read.</summary>
    public int Files { get; }

    /// <summary>Their size together.</summary>
    public long Bytes { get; }

    /// <summary>What is wrong, one sentence each, naming the file; empty if the gallery is valid.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Problems.Count == 0;
}
