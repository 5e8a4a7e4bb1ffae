namespace ZeroShotCir.Onnx.Hub;

/// <summary>A model that lies in the cache, complete.</summary>
public sealed class ModelDownload
{
    internal ModelDownload(string folder, string commit, IReadOnlyList<string> files, long downloadedBytes)
    {
        Folder = folder;
        Commit = commit;
        Files = files;
        DownloadedBytes = downloadedBytes;
    }

    /// <summary>The model folder, to be opened as any other.</summary>
    public string Folder { get; }

    /// <summary>The commit of the repository: 40 hexadecimal digits.</summary>
    public string Commit { get; }

    /// <summary>The files that were asked for, relative to the folder, with forward slashes.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>How much was downloaded by this call; 0 if everything was there.</summary>
    public long DownloadedBytes { get; }
}
