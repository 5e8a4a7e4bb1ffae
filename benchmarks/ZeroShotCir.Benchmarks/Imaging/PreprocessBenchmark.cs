using BenchmarkDotNet.Attributes;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Benchmarks.Imaging;

/// <summary>CLIP's preprocessing of one decoded image of 1024 × 768: bicubic resize, crop to 224 × 224, normalise.</summary>
[MemoryDiagnoser]
public class PreprocessBenchmark
{
    private readonly ImagePreprocessor _preprocessor = new(new ImagePreprocessing());
    private readonly float[] _tensor = new float[3 * 224 * 224];
    private RgbImage _image = null!;

    [GlobalSetup]
    public void Setup()
    {
        byte[] pixels = new byte[1024 * 768 * 3];
        new Random(1).NextBytes(pixels);
        _image = new RgbImage(pixels, 1024, 768);
    }

    [Benchmark(Baseline = true)]
    public void TapByTap() => StraightforwardPreprocessing.Run(_image, _tensor);

    [Benchmark]
    public void Preprocessor() => _preprocessor.Preprocess(_image, _tensor);
}
