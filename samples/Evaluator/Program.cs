using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Commands;

Tool tool = new(new TinyFashionCommand());
return await tool.RunAsync(args);
