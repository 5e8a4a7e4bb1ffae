namespace ZeroShotCir.Onnx.Hub;

/// <summary>How far a download is.</summary>
public readonly record struct ModelDownloadProgress
{
    internal ModelDownloadProgress(string file, long fileBytes, long fileLength, int filesDone, int fileCount)
    {
        File = file;
        FileBytes = fileBytes;
        FileLength = fileLength;
        FilesDone = filesDone;
        FileCount = fileCount;
    }

    /// <summary>The file under way.</summary>
    public string File { get; internal init; }

    /// <summary>How much of it is there.</summary>
    public long FileBytes { get; internal init; }

    /// <summary>Its length in bytes.</summary>
    public long FileLength { get; internal init; }

    /// <summary>How many files are complete.</summary>
    public int FilesDone { get; internal init; }

    /// <summary>How many files were asked for.</summary>
    public int FileCount { get; internal init; }
}
