using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>Writing 10,000 embeddings of 512 dimensions into a new gallery folder and committing them, next to writing as many bytes.</summary>
[MemoryDiagnoser]
public class GalleryBuildBenchmark
{
    private const int Images = 10_000;
    private string _folder = "";
    private int _run;

    [GlobalSetup]
    public void Setup() => _folder = Directory.CreateTempSubdirectory("zeroshotcir-").FullName;

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public void WriteBytes()
    {
        using FileStream file = new(Path.Combine(_folder, "bytes"), FileMode.Create);
        byte[] row = new byte[SampleGallery.Dimensions * sizeof(float)];
        for (int i = 0; i < Images; i++)
        {
            file.Write(row);
        }

        file.Flush(flushToDisk: true);
    }

    [Benchmark]
    public void WriteGallery()
    {
        string folder = Path.Combine(_folder, $"{_run++}");
        SampleGallery.Write(folder, Images);
        Directory.Delete(folder, recursive: true);
    }
}
