using System.IO.Enumeration;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>One folder of a walk: what it lists, and what the system says of each of that.</summary>
/// <param name="walk">The walk.</param>
/// <param name="start">The folder where it began, or a link that it follows.</param>
/// <param name="name">The name of this folder, with a slash at its end; empty for the root.</param>
/// <param name="skip">How many characters of the name lead to the start.</param>
internal sealed class WalkedFolder(FolderWalk walk, string start, string name, int skip)
{
    private const int RangeEntries = 4096;
    private string[] _names = [];
    private ImageFolderFile?[] _files = [];
    private bool[] _links = [];

    public string Path { get; } = name.Length > skip ? new FilePath(start, name[..^1], skip).ToString() : start;

    /// <summary>The folders in it, by the positions of their names; <see langword="null"/> for everything else.</summary>
    public WalkedFolder?[] Folders { get; private set; } = [];

    /// <summary>The files in it, by the positions of their names; <see langword="null"/> for everything else.</summary>
    public IReadOnlyList<ImageFolderFile?> Files => _files;

    /// <summary>Why it could not be read to its end.</summary>
    public ImageFolderProblem? Problem { get; private set; }

    /// <summary>How many entries are hidden or left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The links in it: their paths, and their names.</summary>
    public IEnumerable<(string Path, string Name)> Links
        => Enumerable.Range(0, _links.Length).Where(i => _links[i]).Select(i => (PathOf(_names[i].TrimEnd('/')), _names[i].TrimEnd('/')));

    /// <summary>Lists it by ascending names, and asks the system about each.</summary>
    public void Read(CancellationToken cancellationToken)
    {
        _names = List();
        if (_names.Length == 0)
        {
            return;
        }

        // With the slash at the end of a folder's name, all that lies in it stands where the folder does.
        Array.Sort(_names, StringComparer.Ordinal);
        _files = new ImageFolderFile?[_names.Length];
        _links = new bool[_names.Length];
        Folders = new WalkedFolder?[_names.Length];
        using OpenFolder open = new(Path);
        ParallelRanges.ForEach(_names.Length, RangeEntries, (first, end) => Ask(open, first, end), cancellationToken);
    }

    private string[] List()
    {
        List<string> names = [];
        bool hasManifest = false, hasLock = false;
        try
        {
            // What the system lists before it fails is kept.
            FileSystemEnumerable<string> entries = new(
                Path,
                (ref entry) =>
                {
                    hasManifest |= entry.FileName.SequenceEqual(GalleryManifest.FileName);
                    hasLock |= entry.FileName.SequenceEqual(GalleryWriter.LockName);
                    return string.Concat(name, entry.FileName, entry.IsDirectory ? "/" : "");
                },
                new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });
            foreach (string entry in entries)
            {
                names.Add(entry);
            }
        }
        catch (DirectoryNotFoundException)
        {
            Problem = new ImageFolderProblem(name.TrimEnd('/'), $"The folder '{Path}' vanished while it was read.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            Problem = new ImageFolderProblem(name.TrimEnd('/'), $"The folder '{Path}' cannot be read: {e.Message}");
        }

        // A gallery holds no images, whoever put it there.
        if (hasManifest && hasLock)
        {
            return [];
        }

        LeftOut = names.RemoveAll(entry => walk.IsLeftOut(entry.AsSpan(name.Length).TrimEnd('/'), entry));
        return [.. names];
    }

    private void Ask(OpenFolder open, int first, int end)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int i = first; i < end; i++)
        {
            string entry = _names[i];
            bool isFolder = entry[^1] == '/';
            FileStamp? stamp = open.ReadListed(entry.AsSpan(name.Length, entry.Length - name.Length - (isFolder ? 1 : 0)), now, out _links[i]);
            if (_links[i])
            {
                continue;
            }

            if (isFolder)
            {
                Folders[i] = new WalkedFolder(walk, start, entry, skip);
            }
            else
            {
                _files[i] = new ImageFolderFile(new FilePath(start, entry, skip)) { Stamp = stamp ?? FolderWalk.StampOf(PathOf(entry)) };
            }
        }
    }

    private string PathOf(string entry) => new FilePath(start, entry, skip).ToString();
}
