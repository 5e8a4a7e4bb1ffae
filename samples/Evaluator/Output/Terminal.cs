using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Evaluator.Runs;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluator.Output;

/// <summary>What people see: results on stdout, complaints and progress on stderr, both plain when they are piped.</summary>
internal sealed class Terminal
{
    private const int WidthWhenPiped = 160;
    private readonly IAnsiConsole _error;

    public Terminal()
    {
        Out = Create(Console.Out, Console.IsOutputRedirected);
        _error = Create(Console.Error, Console.IsErrorRedirected);
    }

    /// <summary>Where tables and figures go.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>One line that says why the command failed.</summary>
    public void Fail(string message) => WriteLine("[red]error:[/]", message);

    /// <summary>One line on something that was left out; the command goes on.</summary>
    public void Warn(string message) => WriteLine("[yellow]warning:[/]", message);

    /// <summary>One line on something that was done without being asked for.</summary>
    public void Note(string message) => WriteLine("[grey]note:[/]", message);

    /// <summary>The end of a sentence that counts what was left out.</summary>
    public static string Failures(int failed) => failed switch
    {
        0 => "",
        1 => ", 1 picture failed",
        _ => string.Create(CultureInfo.InvariantCulture, $", {failed:N0} pictures failed"),
    };

    /// <summary>Reports that every single file failed, and completes the result with it.</summary>
    public ToolResult NothingLeft(int failed, Func<ErrorDocument, ToolResult> result)
    {
        string message = failed == 1 ? "The only picture failed; see the line above." : $"All {failed} pictures failed; see the lines above.";
        Fail(message);
        return result(new ErrorDocument(nameof(InvalidImageException), message));
    }

    /// <summary>Says what an evaluation left out; nothing where it is complete.</summary>
    public void Coverage(IReadOnlyList<CoverageManifest> coverage)
    {
        foreach (CoverageManifest part in coverage.Where(part => !part.Complete))
        {
            Out.MarkupLineInterpolated($"[yellow]incomplete[/]  {part.Category ?? "data set"}: {part.Gallery:N0} of {part.GalleryAnnotated:N0} images ({part.Missing.Count} missing, {part.Corrupt.Count} corrupt), {part.Queries:N0} of {part.QueriesAnnotated:N0} queries; not comparable with published figures");
        }
    }

    /// <summary>Runs work that reports how many of <paramref name="total"/> are done; a bar is drawn on a terminal only.</summary>
    public async Task<T> TrackAsync<T>(string what, int total, Func<IProgress<int>, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            return await work(new Bar(null));
        }

        return await _error.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(what), maxValue: Math.Max(total, 1)))));
    }

    private static IAnsiConsole Create(TextWriter writer, bool isPiped)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPiped ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPiped ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPiped ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isPiped)
        {
            console.Profile.Width = WidthWhenPiped;
        }

        return console;
    }

    private void WriteLine(string label, string message)
    {
        // A pipe gets the line as it is: wrapping would make two of one.
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"{Markup.Remove(label)} {message.ReplaceLineEndings(" ")}");
        }
        else
        {
            _error.MarkupLine($"{label} {Markup.Escape(message.ReplaceLineEndings(" "))}");
        }
    }

    private sealed class Bar(ProgressTask? task) : IProgress<int>
    {
        public void Report(int value)
        {
            if (task is not null)
            {
                task.Value = value;
            }
        }
    }
}
