namespace ZeroShotCir.Galleries.Storage;

/// <summary>Tells whether an image is still the one that was encoded: by size and times without reading it, by hash for certain.</summary>
internal sealed record ImageStamp(string Sha256, long? Bytes, DateTimeOffset? Modified, DateTimeOffset? Changed)
{
    public static ImageStamp Create(string sha256, FileStamp file) => new(sha256, file.Bytes, file.Modified, file.Changed);

    /// <summary>Whether a file has the size and the times of this one, all of them known.</summary>
    public bool HasSameFile(FileStamp file)
        => Bytes == file.Bytes && Modified == file.Modified && Changed is { } changed && changed == file.Changed;

    /// <summary>Whether a file that cannot be read now may well be this one.</summary>
    public bool MayBe(FileStamp file) => Bytes == file.Bytes && Modified == file.Modified;
}
