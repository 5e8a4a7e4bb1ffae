namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>What is known of an image of the gallery.</summary>
internal sealed class ItemDescription
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its folder; empty for the topmost.</summary>
    public required string Folder { get; init; }

    /// <summary>Its day.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Its captions.</summary>
    public required IReadOnlyList<string> Captions { get; init; }

    /// <summary>The address of the picture, relative to the page.</summary>
    public required string Picture { get; init; }

    /// <summary>The address of a small copy, relative to the page; <c>&amp;edge=N</c> sets its longer edge.</summary>
    public required string Thumbnail { get; init; }
}
