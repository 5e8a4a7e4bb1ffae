using System.CommandLine;

namespace ZeroShotCir.Tool.Commands;

/// <summary>The tool with all of its commands.</summary>
internal static class WholeTool
{
    private static readonly (string Name, Func<Command> Make)[] Named =
    [
        ("tokenize", () => new TokenizeCommand()),
        ("preprocess", () => new PreprocessCommand()),
        ("embed", () => new EmbedCommand()),
        ("caption", () => new CaptionCommand()),
        ("compose", () => new ComposeCommand()),
        ("index", () => new IndexCommand()),
        ("search", () => new SearchCommand()),
        ("serve", () => new ServeCommand()),
        ("mcp", () => new McpCommand()),
        ("topk", () => new TopKCommand()),
        ("gallery", () => new GalleryCommand()),
        ("eval", () => new EvalCommand()),
        ("sweep", () => new SweepCommand()),
        ("compare", () => new CompareCommand()),
        ("tune", () => new TuneCommand()),
        ("dataset", () => new DatasetCommand()),
        ("model", () => new ModelCommand()),
        ("completion", () => new CompletionCommand()),
    ];

    public static CommandLineTool Create() => CreateFor([]);

    /// <summary>The tool as a command line needs it: where that begins with the name of a command, no other is made.</summary>
    public static CommandLineTool CreateFor(IReadOnlyList<string> commandLine)
    {
        IEnumerable<(string Name, Func<Command> Make)> asked = Named.Where(command => commandLine is [var first, ..] && first == command.Name);
        return new CommandLineTool(new TinyFashionCommand(), [.. (asked.Any() ? asked : Named).Select(command => command.Make())]);
    }
}
