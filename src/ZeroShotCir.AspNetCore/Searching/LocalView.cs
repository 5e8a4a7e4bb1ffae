using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Composition;
using ZeroShotCir.Extensions.Hosting.Caching;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>A gallery in this process: folders and days of its images, found out once.</summary>
internal sealed class LocalView : GalleryView
{
    private const int MaxFolders = 500;
    private readonly Gallery _gallery;
    private readonly DateOnly[] _days;
    private readonly RecentValues<(string? Prefix, DateOnly? From, DateOnly? To), GallerySelection> _selections = new(16, _ => 1);

    public LocalView(Gallery gallery)
    {
        _gallery = gallery;
        _days = new DateOnly[gallery.OrdinalCount];
        Dictionary<string, int> folders = new(StringComparer.Ordinal);
        for (int ordinal = 0; ordinal < _days.Length; ordinal++)
        {
            if (gallery.IsRemoved(ordinal))
            {
                continue;
            }

            ItemRecord record = gallery.RecordAt(ordinal);
            _days[ordinal] = DayOf(record);
            for (string folder = ItemFolder.FromId(record.Id); folder.Length > 0; folder = ItemFolder.FromId(folder))
            {
                folders[folder] = folders.GetValueOrDefault(folder) + 1;
            }
        }

        Folders = [.. folders.OrderByDescending(folder => folder.Value).ThenBy(folder => folder.Key, StringComparer.Ordinal).Take(MaxFolders)
            .OrderBy(folder => folder.Key, StringComparer.Ordinal).Select(folder => new FolderDescription { Path = folder.Key, Images = folder.Value })];
        DateOnly[] known = [.. _days.Where(day => day != default)];
        From = known.Length == 0 ? null : known.Min();
        To = known.Length == 0 ? null : known.Max();
    }

    public override long Images => _gallery.Count;

    public override long? Captions => _gallery.CaptionCount;

    public override IReadOnlyList<FolderDescription> Folders { get; }

    public override DateOnly? From { get; }

    public override DateOnly? To { get; }

    public override ComposedQuery Limit(ComposedQuery query, string? folder, DateOnly? from, DateOnly? to)
    {
        string? prefix = Prefix(folder);
        if (prefix is null && from is null && to is null)
        {
            return query;
        }

        if (!_selections.TryGet((prefix, from, to), out GallerySelection? selection))
        {
            selection = _gallery.Select(ordinal => (from is null || _days[ordinal] >= from)
                && (to is null || (_days[ordinal] != default && _days[ordinal] <= to))
                && (prefix is null || _gallery.IdOf(ordinal).StartsWith(prefix, StringComparison.Ordinal)));
            _selections.Put((prefix, from, to), selection);
        }

        return query with { Selection = selection };
    }

    public override long? CountOf(ComposedQuery limited) => limited.Selection?.Count ?? _gallery.Count;

    public override ValueTask<GalleryItem?> FindAsync(string id, CancellationToken cancellationToken)
        => ValueTask.FromResult(_gallery.TryGetOrdinal(id, out int ordinal) ? _gallery.ItemAt(ordinal) : null);

    public override string? ContentOf(string id) => _gallery.TryGetOrdinal(id, out int ordinal) ? _gallery.ContentOf(ordinal) : null;

    public override DateOnly? DayOf(GalleryItem item) => _days[item.Ordinal] == default ? null : _days[item.Ordinal];

    public override string? ObstacleTo(StrategyDefinition row)
    {
        if (row.Parameters.Any(parameter => parameter is { Name: "project", Default: not 0 }) && _gallery.Projection is null)
        {
            return "It reads a projection made from a corpus of texts, and the gallery has none: 'cir gallery project' makes one.";
        }

        bool readsCaptions = row.Name == "centred"
            || (row.Name != "arithmetic" && row.Terms.Any(term => term is { Role: TermRole.ReferenceDescription, IsRequired: true }));
        return readsCaptions && _gallery.CaptionCount == 0 ? "It reads captions, and the gallery has none." : null;
    }

    // What somebody noted goes before when the file was written.
    private static DateOnly DayOf(ItemRecord record)
        => NotedDay(record.Metadata) ?? (record.Image?.Modified is { } modified ? DateOnly.FromDateTime(modified.UtcDateTime) : default);
}
