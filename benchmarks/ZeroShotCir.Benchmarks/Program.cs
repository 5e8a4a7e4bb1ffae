using BenchmarkDotNet.Running;
using ZeroShotCir.Benchmarks.Galleries;

if (args is ["gallery-memory"])
{
    GalleryMemory.Run();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
