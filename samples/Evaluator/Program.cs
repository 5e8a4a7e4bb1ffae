using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Commands;
using ZeroShotCir.Evaluator.Output;

StandardOutput.Open();
Tool tool = new(
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
return await tool.RunAsync(args);
