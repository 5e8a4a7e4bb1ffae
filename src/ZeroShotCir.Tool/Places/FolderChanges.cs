namespace ZeroShotCir.Tool.Places;

/// <summary>Waits for changes in folders: as the system tells them, and from time to time without a word of it, because network drives tell nothing.</summary>
internal sealed class FolderChanges : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), LongestQuiet = TimeSpan.FromSeconds(30), Unasked = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly List<FileSystemWatcher> _watchers = [];

    public FolderChanges(IEnumerable<string> folders)
    {
        foreach (string folder in folders.Where(Directory.Exists))
        {
            FileSystemWatcher watcher = new(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Created += (_, _) => Tell();
            watcher.Changed += (_, _) => Tell();
            watcher.Deleted += (_, _) => Tell();
            watcher.Renamed += (_, _) => Tell();
            // More happened than the system kept: something changed, whatever it was.
            watcher.Error += (_, _) => Tell();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    /// <summary>Waits until something changed and a second passed in which nothing else did: files are copied one after the other.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _changed.WaitAsync(Unasked, cancellationToken);
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < LongestQuiet.TotalMilliseconds && await _changed.WaitAsync(Quiet, cancellationToken))
        {
        }
    }

    public void Dispose()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _changed.Dispose();
    }

    private void Tell()
    {
        try
        {
            _changed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is known already, or nobody waits any more.
        }
    }
}
