namespace ZeroShotCir.Tool.Places;

/// <summary>Where the built-in world lies: beside the program.</summary>
internal static class TinyFashion
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "TinyFashion");

    public static string Model => Path.Combine(Root, "models", "clip");

    public static string Captioner => Path.Combine(Root, "models", "captioner");

    /// <summary>The album and its model in one file.</summary>
    public static string Album => Path.Combine(Root, "album.zip");

    /// <summary>The root of a data set in its official layout.</summary>
    public static string Data(string dataset) => Path.Combine(Root, "data", dataset);

    /// <summary>What the captioner wrote for a data set's pictures.</summary>
    public static FileInfo Captions(string dataset) => new(Path.Combine(Data(dataset), "gallery_captions.json"));
}
