using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>The album on the first screen, in a few lines.</summary>
internal static class AlbumScreen
{
    private const int ShownLength = 66;

    public static void Show(IAnsiConsole console, AlbumOutcome? album)
    {
        if (album is null)
        {
            console.MarkupLine("  [grey]The album, TinyFashion as a person's picture folder, did not come with this program and was left out.[/]");
            console.WriteLine();
            return;
        }

        console.MarkupLine("  [bold]The same world as a person's picture folder[/] [grey](samples/TinyFashion/album)[/]");
        string read = $"  [grey]read[/] {album.Read} of {album.Files} [grey]pictures, rows right[/] {album.Right}";
        string lowest = album.LowestCosine.ToString("0.0000", CultureInfo.InvariantCulture);
        console.MarkupLine($"{read} [grey](lowest cosine {lowest}), bad files[/] {album.Failed.Count}");
        if (album.LeftOut.Count > 0)
        {
            IEnumerable<string> leftOut = album.LeftOut.OrderByDescending(ending => ending.Value).ThenBy(ending => ending.Key, StringComparer.Ordinal)
                .Select(ending => $"{ending.Value} {(ending.Key.Length == 0 ? "without ending" : ending.Key)}");
            console.MarkupLine($"  [grey]left out[/] {Terminal.Escape(Shortened(string.Join(", ", leftOut)))}");
        }

        console.MarkupLine($"  [grey]the picture[/] {Terminal.Escape(Shortened(album.Query.Reference))} [grey]and[/] [italic]“{Terminal.Escape(album.Query.Text)}”[/]");
        foreach (AlbumHit hit in album.Query.Hits)
        {
            console.MarkupLine($"  {(hit.Right ? "[green]right[/]" : "[grey]other[/]")}  {Terminal.Escape(Shortened(hit.Id))}");
        }

        console.WriteLine();
    }

    private static string Shortened(string text) => text.Length <= ShownLength ? text : text[..ShownLength] + "…";
}
