using System.Buffers;
using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>What people see: results on stdout, complaints and progress on stderr, both plain when they are piped.</summary>
internal sealed class Terminal : IReporter
{
    // What reads a pipe wants one line per thing, however long.
    private const int WidthWhenPiped = 1 << 16;

    // C0, DEL and C1, the line and paragraph separators, and the marks that turn the direction of what follows.
    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code), '\u2028', '\u2029',
        .. Enumerable.Range(0x202A, 5).Concat(Enumerable.Range(0x2066, 4)).Select(code => (char)code),
    ]);

    private readonly IAnsiConsole _error;

    /// <param name="isOutputTaken">Whether standard output is for the JSON document, so that people read standard error.</param>
    public Terminal(bool isOutputTaken = false)
    {
        _error = Create(Console.Error, Console.IsErrorRedirected);
        Out = isOutputTaken ? new ToolConsole(_error) : new ToolConsole(Create(Console.Out, Console.IsOutputRedirected));
        IsPiped = isOutputTaken ? Console.IsErrorRedirected : Console.IsOutputRedirected;
    }

    /// <summary>Where tables and figures go.</summary>
    public ToolConsole Out { get; }

    /// <summary>Whether a program reads them, or a file keeps them.</summary>
    public bool IsPiped { get; }

    /// <summary>One line that says why the command failed.</summary>
    public void Fail(string message) => WriteLine("[red]error:[/]", message);

    /// <summary>One line on something that was left out; the command goes on.</summary>
    public void Warn(string message) => WriteLine("[yellow]warning:[/]", message);

    /// <summary>One line on something that was done without being asked for.</summary>
    public void Note(string message) => WriteLine("[grey]note:[/]", message);

    /// <summary>The same where there is something to say.</summary>
    public void NoteIfAny(string? message)
    {
        if (message is not null)
        {
            Note(message);
        }
    }

    /// <summary>Asks a question that is answered by yes or no; where nobody can answer, it is no.</summary>
    public bool Confirm(string question)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return false;
        }

        _error.Markup($"{Escape(question)} [grey](y/n)[/] ");
        return Console.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>A text as part of a line of markup: its brackets are none of markup, and its control characters can neither move the cursor nor break the line.</summary>
    public static string Escape(string text) => Markup.Escape(Plain(text));

    /// <summary>A text in one line, control characters written as JSON would.</summary>
    public static string Plain(string text) => text.AsSpan().IndexOfAny(Unprintable) < 0 ? text : string.Concat(text.Select(character => character switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when Unprintable.Contains(character) => $"\\u{(int)character:x4}",
        _ => character.ToString(),
    }));

    /// <summary>The end of a sentence that counts what was left out.</summary>
    public static string Failures(int failed) => failed switch
    {
        0 => "",
        1 => ", 1 picture failed",
        _ => string.Create(CultureInfo.InvariantCulture, $", {failed:N0} pictures failed"),
    };

    /// <summary>Says what an evaluation left out; nothing where it is complete.</summary>
    public void Coverage(IReadOnlyList<CoverageManifest> coverage)
    {
        foreach (CoverageManifest part in coverage.Where(part => !part.Complete))
        {
            string images = FormattableString.Invariant($"{part.Gallery:N0} of {part.GalleryAnnotated:N0} images ({part.Missing.Count} missing, {part.Corrupt.Count} corrupt)");
            string queries = FormattableString.Invariant($"{part.Queries:N0} of {part.QueriesAnnotated:N0} queries");
            Out.MarkupLineInterpolated($"[yellow]incomplete[/]  {part.Category ?? "data set"}: {images}, {queries}; not comparable with published figures");
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
        string line = Plain(message.ReplaceLineEndings(" "));
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"{Markup.Remove(label)} {line}");
        }
        else
        {
            _error.MarkupLine($"{label} {Markup.Escape(line)}");
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
