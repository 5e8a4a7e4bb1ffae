using ZeroShotCir.Tool.Commands;
using ZeroShotCir.Tool.Screens;

StandardOutput.Open();
return await WholeTool.CreateFor(args).RunAsync(args);
