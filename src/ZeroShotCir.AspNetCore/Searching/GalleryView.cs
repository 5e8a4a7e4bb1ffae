using System.Globalization;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Extensions.Hosting.Caching;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>Folders and days of a gallery's images, found out once, and what filters select of them. Thread-safe.</summary>
internal sealed class GalleryView
{
    private const int MaxFolders = 500;
    private static readonly string[] DayFields = ["taken", "date"];
    private readonly DateOnly[] _days;
    private readonly RecentValues<(string? Folder, DateOnly? From, DateOnly? To), GallerySelection> _selections = new(16, _ => 1);

    public GalleryView(Gallery gallery)
    {
        Gallery = gallery;
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
            for (string folder = FolderOf(record.Id); folder.Length > 0; folder = FolderOf(folder))
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

    public Gallery Gallery { get; }

    /// <summary>The folders, at most 500, by their paths.</summary>
    public IReadOnlyList<FolderDescription> Folders { get; }

    public DateOnly? From { get; }

    public DateOnly? To { get; }

    public DateOnly? DayOf(int ordinal) => _days[ordinal] == default ? null : _days[ordinal];

    public static string FolderOf(string id) => id.LastIndexOf('/') is > 0 and var end ? id[..end] : "";

    /// <summary>The items that filters leave; <see langword="null"/> for all.</summary>
    public GallerySelection? Select(string? folder, DateOnly? from, DateOnly? to)
    {
        folder = string.IsNullOrEmpty(folder) ? null : folder.TrimEnd('/');
        if (folder is null && from is null && to is null)
        {
            return null;
        }

        if (!_selections.TryGet((folder, from, to), out GallerySelection? selection))
        {
            string? prefix = folder is null ? null : $"{folder}/";
            selection = Gallery.Select(ordinal => (from is null || _days[ordinal] >= from)
                && (to is null || (_days[ordinal] != default && _days[ordinal] <= to))
                && (prefix is null || Gallery.IdOf(ordinal).StartsWith(prefix, StringComparison.Ordinal)));
            _selections.Put((folder, from, to), selection);
        }

        return selection;
    }

    // What somebody noted goes before when the file was written.
    private static DateOnly DayOf(ItemRecord record)
    {
        foreach (string field in DayFields)
        {
            if (record.Metadata.TryGetValue(field, out string? noted) && noted.Length >= 10
                && DateOnly.TryParseExact(noted[..10], ["yyyy-MM-dd", "yyyy:MM:dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                return day;
            }
        }

        return record.Image?.Modified is { } modified ? DateOnly.FromDateTime(modified.UtcDateTime) : default;
    }
}
