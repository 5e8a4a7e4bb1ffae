using System.Globalization;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>What a page shows of what is searched, and what filters leave of it. Thread-safe.</summary>
internal abstract class GalleryView
{
    /// <summary>The fields of the metadata that may note the day of an image.</summary>
    protected static readonly string[] DayFields = ["taken", "date"];

    /// <summary>The number of images.</summary>
    public abstract long Images { get; }

    /// <summary>The number of captions; <see langword="null"/> where nobody knows.</summary>
    public abstract long? Captions { get; }

    /// <summary>The folders, at most 500, by their paths.</summary>
    public abstract IReadOnlyList<FolderDescription> Folders { get; }

    /// <summary>The day of the oldest image; <see langword="null"/> where nobody knows.</summary>
    public abstract DateOnly? From { get; }

    /// <summary>The day of the newest image.</summary>
    public abstract DateOnly? To { get; }

    /// <summary>A query that finds only what filters leave.</summary>
    public abstract ComposedQuery Limit(ComposedQuery query, string? folder, DateOnly? from, DateOnly? to);

    /// <summary>How many images a limited query searches among; <see langword="null"/> where only the store knows.</summary>
    public abstract long? CountOf(ComposedQuery limited);

    /// <summary>Whether an item that was found passes filters that what was searched may have applied too widely.</summary>
    public virtual bool Allows(GalleryItem item, DateOnly? from, DateOnly? to) => true;

    /// <summary>An item; <see langword="null"/> where there is none of this id.</summary>
    public abstract ValueTask<GalleryItem?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>What is equal for images of the same bytes; <see langword="null"/> where nobody knows.</summary>
    public abstract string? ContentOf(string id);

    /// <summary>The day of an item; <see langword="null"/> where nobody knows.</summary>
    public abstract DateOnly? DayOf(GalleryItem item);

    /// <summary>Why a strategy cannot be used on what is searched; <see langword="null"/> where it can.</summary>
    public abstract string? ObstacleTo(StrategyDefinition row);

    /// <summary>The day that metadata note.</summary>
    protected static DateOnly? NotedDay(IReadOnlyDictionary<string, string> metadata)
    {
        foreach (string field in DayFields)
        {
            if (metadata.TryGetValue(field, out string? noted) && noted.Length >= 10
                && DateOnly.TryParseExact(noted[..10], ["yyyy-MM-dd", "yyyy:MM:dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                return day;
            }
        }

        return null;
    }

    protected static string? Prefix(string? folder) => string.IsNullOrEmpty(folder) ? null : $"{folder.TrimEnd('/')}/";
}
