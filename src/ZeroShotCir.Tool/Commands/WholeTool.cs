namespace ZeroShotCir.Tool.Commands;

/// <summary>The tool with all of its commands.</summary>
internal static class WholeTool
{
    public static CommandLineTool Create() => new(
        new TinyFashionCommand(),
        new TokenizeCommand(),
        new PreprocessCommand(),
        new EmbedCommand(),
        new CaptionCommand(),
        new ComposeCommand(),
        new IndexCommand(),
        new SearchCommand(),
        new ServeCommand(),
        new McpCommand(),
        new TopKCommand(),
        new GalleryCommand(),
        new EvalCommand(),
        new SweepCommand(),
        new CompareCommand(),
        new TuneCommand(),
        new DatasetCommand(),
        new ModelCommand(),
        new CompletionCommand());
}
