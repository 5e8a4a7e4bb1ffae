using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ZeroShotCir.Tool.Screens;

/// <summary>A console that shows what was read from files (ids, captions, paths) as text, whatever characters are in it.</summary>
internal sealed class ToolConsole(IAnsiConsole inner) : IAnsiConsole
{
    public Profile Profile => inner.Profile;

    public IAnsiConsoleCursor Cursor => inner.Cursor;

    public IAnsiConsoleInput Input => inner.Input;

    public IExclusivityMode ExclusivityMode => inner.ExclusivityMode;

    public RenderPipeline Pipeline => inner.Pipeline;

    public void Clear(bool home) => inner.Clear(home);

    public void Write(IRenderable renderable) => inner.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => inner.WriteAnsi(action);

    /// <summary>Writes a line of markup; what is put into it is no markup, and its control characters are escaped.</summary>
    public void MarkupLineInterpolated(FormattableString markup)
        => inner.MarkupLine(string.Format(CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(Escaped)]));

    private static object? Escaped(object? argument) => argument is IFormattable ? argument : Terminal.Escape(argument?.ToString() ?? string.Empty);
}
