using BenchmarkDotNet.Running;
using ZeroShotCir.Benchmarks.Galleries;
using ZeroShotCir.Benchmarks.Tokenizers;

if (args is ["gallery-memory"])
{
    GalleryMemory.Run();
    return;
}

if (args is ["captions", string file])
{
    TokenizerBenchmark.WriteCaptions(file);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
