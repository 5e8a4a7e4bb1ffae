using ZeroShotCir.Tool.Commands;
using ZeroShotCir.Tool.Screens;

StandardOutput.Open();
return await WholeTool.Create().RunAsync(args);
