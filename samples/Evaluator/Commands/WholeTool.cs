using ZeroShotCir.Evaluator.CommandLine;

namespace ZeroShotCir.Evaluator.Commands;

/// <summary>The tool with all of its commands.</summary>
internal static class WholeTool
{
    public static Tool Create() => new(
        new TinyFashionCommand(),
        new TokenizeCommand(),
        new PreprocessCommand(),
        new EmbedCommand(),
        new CaptionCommand(),
        new ComposeCommand(),
        new IndexCommand(),
        new SearchCommand(),
        new TopKCommand(),
        new GalleryCommand(),
        new EvalCommand(),
        new SweepCommand(),
        new CompareCommand(),
        new DatasetCommand(),
        new ModelCommand());
}
