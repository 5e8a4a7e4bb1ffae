namespace ZeroShotCir.Galleries.Storage;

/// <summary>One line of a segment's items: an id and what is kept with it.</summary>
internal sealed record ItemRecord(string Id)
{
    public IReadOnlyList<string> Captions { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EmptyMetadata;

    /// <summary>The image the row was encoded from.</summary>
    public ImageStamp? Image { get; init; }

    /// <summary>Where the image lies, if a folder was indexed.</summary>
    public ItemPlace? Place { get; init; }

    private static readonly IReadOnlyDictionary<string, string> EmptyMetadata = new Dictionary<string, string>().AsReadOnly();
}
