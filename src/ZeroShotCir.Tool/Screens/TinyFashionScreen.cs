using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>The first screen a newcomer sees: what was asked, how well it went, and where to go on. Made for 80 columns.</summary>
internal static class TinyFashionScreen
{
    private static readonly string[] Recalls = ["R@1", "R@5", "R@10", "R@50"];
    private const int BarWidth = 22;

    public static void Header(IAnsiConsole console, int pictures, int queries)
    {
        console.WriteLine();
        console.MarkupLine("[bold]  Find the picture that is like this one, but changed as this sentence says.[/]");
        string size = FormattableString.Invariant($"{pictures:N0} drawn garments, {queries:N0} queries");
        console.MarkupLine($"  [grey]TinyFashion: {size}. A small CLIP that never saw such a[/]");
        console.MarkupLine("  [grey]query encodes both halves; everything runs here, offline, in ONNX Runtime.[/]");
        console.WriteLine();
    }

    public static void Example(IAnsiConsole console, string sentence, int image, int text, int fused)
    {
        console.MarkupLineInterpolated($"  [grey]One query: a picture, and[/] [italic]“{sentence}”[/]");
        string apart = $"{image} [grey]by the picture alone,[/] {text} [grey]by the sentence alone,[/]";
        console.MarkupLine($"  [grey]The right answer is ranked[/] {apart} [bold green]{fused}[/] [grey]by both.[/]");
        console.WriteLine();
    }

    public static void Captions(IAnsiConsole console, IReadOnlyList<LiveCaption> captions)
    {
        console.MarkupLine("  [bold]The captioner, just now[/] [grey](its captions of all pictures come from a file)[/]");
        foreach (LiveCaption caption in captions)
        {
            console.MarkupLineInterpolated($"  [grey]{caption.File}[/]  {caption.Caption}");
        }

        console.WriteLine();
    }

    /// <summary>The mean over categories with bars, as it is reported for the data set.</summary>
    public static void Average(IAnsiConsole console, MeasuredSettings run, params ReadOnlySpan<string> more)
    {
        Grid grid = Columns(1 + Recalls.Length + (more.Length == 0 ? 1 : more.Length));
        string queries = run.ResultOf(0, null).Queries.ToString("N0", CultureInfo.InvariantCulture);
        grid.AddRow([$"[bold]{run.Title}[/] [grey]({queries})[/]", .. Recalls.Select(Head), .. more.Length == 0 ? ["[grey]R@10[/]"] : more.ToArray().Select(Head)]);
        for (int setting = 0; setting < run.Settings.Count; setting++)
        {
            EvaluationResult result = run.ResultOf(setting, null);
            bool isLast = setting == run.Settings.Count - 1;
            string[] cells = [.. Recalls.Concat(more.ToArray()).Select(metric => Figure(result.Metrics[metric], isLast))];
            grid.AddRow([Name(run, setting, isLast), .. cells, .. more.Length == 0 ? [Bar(result.Metrics["R@10"])] : Array.Empty<string>()]);
        }

        console.Write(new Padder(grid, new Padding(2, 0, 0, 1)));
    }

    /// <summary>Every category beside the heatmap.</summary>
    public static void Details(IAnsiConsole console, MeasuredSettings run, Heatmap map)
    {
        Grid grid = Columns(1 + Recalls.Length);
        for (int category = 0; category < run.Categories.Count; category++)
        {
            grid.AddRow([$"[bold]{run.Categories[category]}[/]", .. Recalls.Select(Head)]);
            for (int setting = 0; setting < run.Settings.Count; setting++)
            {
                EvaluationResult result = run.ResultOf(setting, category);
                grid.AddRow([Name(run, setting, false, brief: true), .. Recalls.Select(metric => Figure(result.Metrics[metric], false))]);
            }
        }

        Grid both = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().NoWrap());
        both.AddRow(grid, HeatmapGrid.Create(map));
        console.Write(new Padder(both, new Padding(2, 0, 0, 1)));
    }

    public static void Footer(IAnsiConsole console, FileInfo report, double seconds)
    {
        string shown = Path.GetRelativePath(Environment.CurrentDirectory, report.FullName);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  [bold]{shown}[/] [grey]has every picture: open it in a browser.[/]  [grey]({seconds:0.0} s)[/]");
        console.MarkupLine("  [grey]Next, on your own pictures:[/] cir index --model DIR --images DIR --out GALLERY");
        console.MarkupLine("  [grey]                           [/] cir search GALLERY \"in red\" --image FILE");
        console.WriteLine();
    }

    private static Grid Columns(int count)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        for (int column = 1; column < count; column++)
        {
            grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(0).PadRight(2));
        }

        return grid;
    }

    private static string Head(string metric) => $"[grey]{metric}[/]";

    private static string Name(MeasuredSettings run, int setting, bool isBold, bool brief = false)
    {
        NamedSetting named = run.Settings[setting];
        string detail = brief || named.Setting.Alpha is 0 or 1 ? "" : $"  [grey]{named.Detail}[/]";
        return (isBold ? $"[bold]{named.Name}[/]" : named.Name) + detail;
    }

    private static string Figure(double percent, bool isBold)
    {
        string text = percent.ToString("0.0", CultureInfo.InvariantCulture);
        return isBold ? $"[bold]{text}[/]" : text;
    }

    private static string Bar(double percent)
    {
        int full = (int)Math.Round(percent / 100 * BarWidth);
        return $"[teal]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }
}
