namespace ZeroShotCir.Galleries;

/// <summary>Tells whether an image is still the one that was encoded: by size and time without reading it, by hash for certain.</summary>
internal sealed record ImageStamp(string Sha256, long? Bytes, DateTimeOffset? Modified)
{
    public bool HasSameFile(long? bytes, DateTimeOffset? modified)
        => bytes is not null && modified is not null && bytes == Bytes && modified == Modified;
}
