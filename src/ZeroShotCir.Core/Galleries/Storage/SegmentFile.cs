namespace ZeroShotCir.Galleries.Storage;

/// <summary>A file of a segment, as the manifest names it.</summary>
internal sealed record SegmentFile(string Name, long Bytes, string Sha256)
{
    public const string Images = "images";
    public const string Captions = "captions";
    public const string Items = "items";
    public const string Ids = "ids";
    public const string Folded = "folded";
    public const string Compressed = "compressed";
    public const string Planes = "planes";
    public const string Removed = "removed";
}
