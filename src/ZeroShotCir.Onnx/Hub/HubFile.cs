namespace ZeroShotCir.Onnx.Hub;

/// <summary>What the hub says of a file.</summary>
/// <param name="Name">Its path in the repository, with forward slashes.</param>
/// <param name="ETag">Its checksum and its name in the cache.</param>
/// <param name="Length">In bytes.</param>
internal sealed record HubFile(string Name, string ETag, long Length);
