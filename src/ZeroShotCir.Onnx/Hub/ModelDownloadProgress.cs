namespace ZeroShotCir.Onnx.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">The file under way.</param>
/// <param name="FileBytes">How much of it is there.</param>
/// <param name="FileLength">Its length in bytes.</param>
/// <param name="FilesDone">How many files are complete.</param>
/// <param name="FileCount">How many files were asked for.</param>
public readonly record struct ModelDownloadProgress(string File, long FileBytes, long FileLength, int FilesDone, int FileCount);
