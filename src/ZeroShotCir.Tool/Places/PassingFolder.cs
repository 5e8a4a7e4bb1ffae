namespace ZeroShotCir.Tool.Places;

/// <summary>A folder for files that are of no use when a command has ended.</summary>
internal sealed class PassingFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cir-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
