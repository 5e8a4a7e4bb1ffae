using BenchmarkDotNet.Attributes;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>Opening a gallery folder: mapping its files, whose pages were read before. See also <c>docs/gallery-format.md</c>.</summary>
[MemoryDiagnoser]
public class GalleryOpenBenchmark
{
    private string _folder = "";

    /// <summary>How many images.</summary>
    [Params(10_000, 1_000_000)]
    public int Images { get; set; }

    [GlobalSetup]
    public void Setup() => _folder = SampleGallery.Create(Images);

    [Benchmark]
    public int Open() => Gallery.Open(_folder).Count;
}
