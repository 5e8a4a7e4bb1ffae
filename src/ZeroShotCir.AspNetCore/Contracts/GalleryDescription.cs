namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>What a page needs to know of the gallery before the first search.</summary>
internal sealed class GalleryDescription
{
    /// <summary>The title of the page.</summary>
    public required string Title { get; init; }

    /// <summary>The number of images.</summary>
    public required long Images { get; init; }

    /// <summary>The number of captions; left out where a store does not say.</summary>
    public long? Captions { get; init; }

    /// <summary>When the gallery was opened, or opened again after an update.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The folders of the images, those with the most images where there are very many; none of a store without its gallery.</summary>
    public required IReadOnlyList<FolderDescription> Folders { get; init; }

    /// <summary>The day of the oldest image.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The day of the newest image.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Whether pictures can be uploaded and searched with.</summary>
    public required bool ReadsPictures { get; init; }

    /// <summary>Whether texts can be searched with.</summary>
    public required bool ReadsTexts { get; init; }

    /// <summary>What can become of earlier turns.</summary>
    public required IReadOnlyList<string> Histories { get; init; }

    /// <summary>How a search is done that does not say it itself.</summary>
    public required SearchDefaults Defaults { get; init; }

    /// <summary>What is refused.</summary>
    public required SearchLimits Limits { get; init; }
}
