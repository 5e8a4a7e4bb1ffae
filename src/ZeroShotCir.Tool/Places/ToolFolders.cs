namespace ZeroShotCir.Tool.Places;

/// <summary>Where the tool keeps what nobody gave a place: below ZEROSHOTCIR_HOME, or where the system wants such things.</summary>
internal static class ToolFolders
{
    /// <summary>The variable that moves all of it.</summary>
    public const string Variable = "ZEROSHOTCIR_HOME";
    private const string Name = "zeroshotcir";

    /// <summary>The folder of the galleries.</summary>
    /// <exception cref="IOException">The system has no place for a user's data.</exception>
    public static string Galleries => Path.Combine(Home ?? OfSystem(Environment.SpecialFolder.LocalApplicationData)
        ?? throw new IOException($"This user has no folder for data. Name one by {Variable}, or the gallery by --out."), "galleries");

    /// <summary>The folder that remembers the ids of models.</summary>
    public static string ModelIds => Path.Combine(Cache, "model-ids");

    /// <summary>The folder of graphs as they were optimized for this machine; <see langword="null"/> where nothing can be kept.</summary>
    public static string? Graphs
    {
        get
        {
            string folder = Path.Combine(Cache, "graphs");
            try
            {
                return Directory.CreateDirectory(folder).FullName;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    private static string? Home => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? Path.GetFullPath(named) : null;

    private static string Cache => Home is { } home ? Path.Combine(home, "cache")
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? Path.Combine(caches, Name)
        : OperatingSystem.IsWindows() && OfSystem(Environment.SpecialFolder.LocalApplicationData) is { } data ? Path.Combine(data, "cache")
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } profile ? Path.Combine(profile, ".cache", Name)
        : Path.Combine(Path.GetTempPath(), Name);

    private static string? OfSystem(Environment.SpecialFolder folder)
        => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } path ? Path.Combine(path, Name) : null;
}
