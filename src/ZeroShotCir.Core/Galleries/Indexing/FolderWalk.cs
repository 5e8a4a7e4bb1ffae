using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>One walk through a folder and its subfolders.</summary>
/// <param name="root">The folder.</param>
/// <param name="options">What is looked at.</param>
/// <param name="except">Folders that are not entered, as <see cref="FolderIdentity"/> names them.</param>
internal sealed class FolderWalk(string root, ImageFolderOptions options, IReadOnlyCollection<string> except)
{
    private static readonly string[] ThumbnailFolders = ["@eaDir", "__MACOSX"];
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
        Walk(new WalkedFolder(this, full, "", 0), cancellationToken);

        // Links come last, so that a picture is called by its real path wherever that is walked.
        while (_links.TryDequeue(out string? link, out string? name))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Follow(link, name, cancellationToken);
        }

        if (!IsAscending())
        {
            _files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        }

        return new ImageFolderContent(_files, _problems, new Dictionary<string, int>(), _hidden, _linksOut);
    }

    /// <summary>Whether something is not looked at, by its own name and its whole one.</summary>
    public bool IsLeftOut(ReadOnlySpan<char> own, string name)
    {
        if (IsHidden(own))
        {
            return true;
        }

        foreach (IdPattern pattern in _leaveOut)
        {
            if (pattern.Matches(pattern.Pattern.Contains('/', StringComparison.Ordinal) ? name.TrimEnd('/') : own.ToString()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The stamp of a file. What the system does not tell now is told, with the reason, by whoever reads the file.</summary>
    public static FileStamp? StampOf(string path)
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

    // Level by level, so that all processors have work whether there are many folders or large ones.
    private void Walk(WalkedFolder start, CancellationToken cancellationToken)
    {
        List<WalkedFolder> level = [start];
        while (level.Count > 0)
        {
            List<WalkedFolder> entered = Enter(level, cancellationToken);
            ParallelRanges.ForEach(entered.Count, 1, (first, _) => entered[first].Read(cancellationToken), cancellationToken);
            level = [];
            foreach (WalkedFolder folder in entered)
            {
                _hidden += folder.LeftOut;
                if (folder.Problem is { } problem)
                {
                    _problems.Add(problem);
                }

                foreach ((string path, string name) in folder.Links)
                {
                    _links.Enqueue(path, name);
                }

                level.AddRange(folder.Folders.OfType<WalkedFolder>());
            }
        }

        Collect(start);
    }

    // The folders that were not entered before, and may be.
    private List<WalkedFolder> Enter(List<WalkedFolder> folders, CancellationToken cancellationToken)
    {
        string?[] identities = new string?[folders.Count];
        ParallelRanges.ForEach(
            folders.Count,
            16,
            (first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    identities[i] = FolderIdentity.Read(folders[i].Path);
                }
            },
            cancellationToken);
        return [.. folders.Where((_, i) => identities[i] is not { } identity || (_folders.Add(identity) && !except.Contains(identity)))];
    }

    // A folder's files come where it stands among its neighbors: by ascending names, but for those that links lead to.
    private void Collect(WalkedFolder start)
    {
        Stack<(WalkedFolder Folder, int Next)> pending = new([(start, 0)]);
        while (pending.TryPop(out (WalkedFolder Folder, int Next) current))
        {
            for (int i = current.Next; i < current.Folder.Files.Count; i++)
            {
                if (current.Folder.Files[i] is { } file)
                {
                    _files.Add(file);
                }
                else if (current.Folder.Folders[i] is { } inner)
                {
                    pending.Push((current.Folder, i + 1));
                    pending.Push((inner, 0));
                    break;
                }
            }
        }
    }

    private bool IsAscending()
    {
        for (int i = 1; i < _files.Count; i++)
        {
            if (string.CompareOrdinal(_files[i - 1].Name, _files[i].Name) > 0)
            {
                return false;
            }
        }

        return true;
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
            Walk(new WalkedFolder(this, link, name + "/", name.Length + 1), cancellationToken);
        }
        else if (!IsWalked(real) && _linkedFiles.Add(real))
        {
            _files.Add(new ImageFolderFile(new FilePath(link, name, name.Length)) { Stamp = StampOf(link) });
        }
    }

    // A file in a folder that was walked was found there, unless it is left out there.
    private bool IsWalked(string realFile)
        => FolderIdentity.Read(Path.GetDirectoryName(realFile)!) is { } folder && _folders.Contains(folder) && !IsHidden(Path.GetFileName(realFile));

    private bool IsHidden(ReadOnlySpan<char> name)
    {
        if (options.IncludeHidden)
        {
            return false;
        }

        bool hidden = name[0] == '.';
        foreach (string folder in ThumbnailFolders)
        {
            hidden |= name.Equals(folder, StringComparison.OrdinalIgnoreCase);
        }

        return hidden;
    }
}
