namespace ZeroShotCir.Onnx.Hub;

/// <summary>
/// One repository's part of the cache: <c>models--OWNER--NAME/{blobs,refs,snapshots}</c>, a snapshot's files being links into the
/// blobs, which are named by checksum.
/// </summary>
internal sealed class HubCache(string cacheFolder, string repository)
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(50);
    private readonly string _folder = Path.Combine(cacheFolder, FolderName(repository));
    private readonly string _locks = Path.Combine(cacheFolder, ".locks", FolderName(repository));

    public string BlobPath(string etag) => Path.Combine(_folder, "blobs", etag);

    public string IncompletePath(string etag) => BlobPath(etag) + ".incomplete";

    public string SnapshotFolder(string commit) => Path.Combine(_folder, "snapshots", commit);

    public string SnapshotPath(string commit, string file) => Path.Combine(SnapshotFolder(commit), file.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The commit that a revision was last seen at.</summary>
    public string? FindCommit(string revision)
    {
        string path = RefPath(revision);
        if (File.Exists(path))
        {
            return HubName.Commit(File.ReadAllText(path).Trim());
        }

        return HubName.IsCommit(revision) && Directory.Exists(SnapshotFolder(revision)) ? revision : null;
    }

    /// <summary>The files of a snapshot that are there, with forward slashes; links that lead nowhere are not.</summary>
    public IReadOnlyList<string> Files(string commit)
    {
        string folder = SnapshotFolder(commit);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(File.Exists)
                .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
                .Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The checksum that a snapshot's file should have, from the name of the blob it links to; <see langword="null"/> for a copy.</summary>
    public string? ExpectedETag(string commit, string file)
        => new FileInfo(SnapshotPath(commit, file)).ResolveLinkTarget(returnFinalTarget: true)?.Name;

    public void WriteRef(string revision, string commit)
    {
        if (revision == commit)
        {
            return;
        }

        string path = RefPath(revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, commit);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Makes a blob appear under its name in a snapshot.</summary>
    public void Link(string commit, HubFile file)
    {
        string path = SnapshotPath(commit, file.Name);
        string blob = BlobPath(file.ETag);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.CreateSymbolicLink(temporary, Path.GetRelativePath(folder, blob));
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
        {
            // Links need a right that most Windows users do not have; the Python library copies there too.
            File.Copy(blob, temporary);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Waits until no other process or task works on a blob. The Python library takes the same lock.</summary>
    public async Task<FileStream> LockAsync(string etag, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_locks);
        Directory.CreateDirectory(Path.Combine(_folder, "blobs"));
        string path = Path.Combine(_locks, etag + ".lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(path))
            {
                await Task.Delay(LockPoll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private string RefPath(string revision) => Path.Combine(_folder, "refs", revision.Replace('/', Path.DirectorySeparatorChar));

    private static string FolderName(string repository) => "models--" + repository.Replace("/", "--", StringComparison.Ordinal);
}
