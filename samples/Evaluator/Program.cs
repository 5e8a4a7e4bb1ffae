using ZeroShotCir.Evaluator.Commands;
using ZeroShotCir.Evaluator.Output;

StandardOutput.Open();
return await WholeTool.Create().RunAsync(args);
