using System.IO.Enumeration;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>One walk through a folder and its subfolders.</summary>
/// <param name="root">The folder.</param>
/// <param name="options">What is looked at.</param>
/// <param name="except">Folders that are not entered, as <see cref="FolderIdentity"/> names them.</param>
internal sealed class FolderWalk(string root, ImageFolderOptions options, IReadOnlyCollection<string> except)
{
    private static readonly HashSet<string> ThumbnailFolders = new(["@eaDir", "__MACOSX"], StringComparer.OrdinalIgnoreCase);
    private readonly IdPattern[] _leaveOut = [.. options.LeaveOut.Select(pattern => new IdPattern(pattern))];
    private readonly List<ImageFolderFile> _files = [];
    private readonly List<ImageFolderProblem> _problems = [];
    private readonly PriorityQueue<string, string> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _linkedFiles = new(StringComparer.Ordinal);
    private string _realRoot = "";
    private int _hidden;
    private int _linksOut;

    public ImageFolderContent Run(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException(File.Exists(root)
                ? $"'{root}' is a file; expected a folder of images."
                : $"The image folder '{root}' does not exist. Check the path.");
        }

        string full = Path.GetFullPath(root);
        _realRoot = FolderIdentity.RealPath(full);
        Walk(full, "", cancellationToken);

        // Links come last, so that a picture is called by its real path wherever that is walked.
        while (_links.TryDequeue(out string? link, out string? name))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Follow(link, name, cancellationToken);
        }

        _files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new ImageFolderContent(_files, _problems, new Dictionary<string, int>(), _hidden, _linksOut);
    }

    private void Walk(string start, string startName, CancellationToken cancellationToken)
    {
        Stack<(string Path, string Name)> pending = new([(start, startName)]);
        while (pending.TryPop(out (string Path, string Name) folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FolderIdentity.Read(folder.Path) is { } identity && (!_folders.Add(identity) || except.Contains(identity)))
            {
                continue;
            }

            foreach ((string own, bool isFolder) in List(folder.Path, folder.Name))
            {
                string name = folder.Name.Length == 0 ? own : $"{folder.Name}/{own}";
                if (IsLeftOut(own, name))
                {
                    _hidden++;
                    continue;
                }

                string path = Path.Join(folder.Path, own);
                FileStamp? stamp = FileStamp.ReadListed(path, out bool isLink);
                if (isLink)
                {
                    _links.Enqueue(path, name);
                }
                else if (isFolder)
                {
                    pending.Push((path, name));
                }
                else
                {
                    _files.Add(new ImageFolderFile(name, path) { Stamp = stamp ?? StampOf(path) });
                }
            }
        }
    }

    private List<(string Name, bool IsFolder)> List(string path, string name)
    {
        List<(string Name, bool IsFolder)> entries = [];
        try
        {
            // What the system lists before it fails is kept.
            entries.AddRange(new FileSystemEnumerable<(string, bool)>(
                path, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }));
        }
        catch (DirectoryNotFoundException)
        {
            _problems.Add(new ImageFolderProblem(name, $"The folder '{path}' vanished while it was read."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            _problems.Add(new ImageFolderProblem(name, $"The folder '{path}' cannot be read: {e.Message}"));
        }

        // A gallery holds no images, whoever put it there.
        bool isGallery = entries.Any(entry => entry.Name == GalleryManifest.FileName) && entries.Any(entry => entry.Name == GalleryWriter.LockName);
        return isGallery ? [] : entries;
    }

    private void Follow(string link, string name, CancellationToken cancellationToken)
    {
        string real;
        try
        {
            real = FolderIdentity.RealPath(link);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new ImageFolderProblem(name, $"The link '{link}' leads nowhere: '{new FileInfo(link).LinkTarget}' does not exist, or leads back to itself."));
            return;
        }

        if (real != _realRoot && !FolderIdentity.Holds(_realRoot, real) && !options.FollowLinks)
        {
            _linksOut++;
        }
        else if (Directory.Exists(real))
        {
            Walk(link, name, cancellationToken);
        }
        else if (!IsWalked(real) && _linkedFiles.Add(real))
        {
            _files.Add(new ImageFolderFile(name, link) { Stamp = StampOf(link) });
        }
    }

    // What the system does not tell now is told, with the reason, by whoever reads the file.
    private static FileStamp? StampOf(string path)
    {
        try
        {
            return FileStamp.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A file in a folder that was walked was found there, unless it is left out there.
    private bool IsWalked(string realFile)
        => FolderIdentity.Read(Path.GetDirectoryName(realFile)!) is { } folder && _folders.Contains(folder) && !IsHidden(Path.GetFileName(realFile));

    private bool IsLeftOut(string own, string name)
        => IsHidden(own) || Array.Exists(_leaveOut, pattern => pattern.Matches(pattern.Pattern.Contains('/', StringComparison.Ordinal) ? name : own));

    private bool IsHidden(string name) => !options.IncludeHidden && (name.StartsWith('.') || ThumbnailFolders.Contains(name));
}
