using BenchmarkDotNet.Attributes;
using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Benchmarks.Imaging;

/// <summary>
/// JPEGs from encoded bytes to CLIP's tensor, per image; the baseline is decoding alone. The environment variable <c>JPEGS</c> names
/// files such as those that <c>peers/preprocess_pillow.py</c> times; without it one picture of 1024 × 768 is drawn.
/// </summary>
[MemoryDiagnoser]
public class JpegToTensorBenchmark
{
    private readonly SkiaImageDecoder _decoder = new();
    private readonly DecodeOptions _options = new();
    private readonly ImagePreprocessor _preprocessor = new(new ImagePreprocessing());
    private readonly float[] _tensor = new float[3 * 224 * 224];
    private byte[][] _jpegs = [];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        if (Environment.GetEnvironmentVariable("JPEGS") is { Length: > 0 } pattern)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(pattern))!;
            _jpegs = [.. Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
            return;
        }

        using SKBitmap bitmap = new(1024, 768);
        using SKCanvas canvas = new(bitmap);
        using SKPaint paint = new() { Shader = SKShader.CreatePerlinNoiseTurbulence(0.02f, 0.02f, 4, 7) };
        canvas.DrawPaint(paint);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        _jpegs = [data.ToArray()];
    }

    [Benchmark(Baseline = true)]
    public int Decode()
    {
        using RgbImage image = _decoder.Decode(Next(), _options);
        return image.Width;
    }

    [Benchmark]
    public void DecodeAndPreprocess()
    {
        using RgbImage image = _decoder.Decode(Next(), _options);
        _preprocessor.Preprocess(image, _tensor);
    }

    private byte[] Next() => _jpegs[_next++ % _jpegs.Length];
}
