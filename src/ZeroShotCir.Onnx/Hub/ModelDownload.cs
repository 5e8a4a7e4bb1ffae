namespace ZeroShotCir.Onnx.Hub;

/// <summary>A model that lies in the cache, complete.</summary>
/// <param name="Folder">The model folder, to be opened as any other.</param>
/// <param name="Commit">The commit of the repository: 40 hexadecimal digits.</param>
/// <param name="Files">The files that were asked for, relative to the folder, with forward slashes.</param>
/// <param name="DownloadedBytes">How much was downloaded by this call; 0 if everything was there.</param>
public sealed record ModelDownload(string Folder, string Commit, IReadOnlyList<string> Files, long DownloadedBytes);
