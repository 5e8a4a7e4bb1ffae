namespace PhotoSearch.Tests;

/// <summary>Finds a browser of the Chromium family on this machine; none is ever downloaded.</summary>
internal static class Chromium
{
    public const string Missing = "The page was NOT tested: no Chromium is installed. Install one ('apt-get install chromium'), or let CHROMIUM_PATH name it.";
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    public static string? Path { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } named)
        {
            return named;
        }

        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/Applications/Google Chrome.app/Contents/MacOS")
            .Append(System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Google", "Chrome", "Application"));
        return folders.SelectMany(folder => Names.Append("Google Chrome").SelectMany(name => new[] { name, name + ".exe" }).Select(name => System.IO.Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
