using BenchmarkDotNet.Attributes;
using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;

namespace ZeroShotCir.Benchmarks.Encoders;

/// <summary>Images through decoding, preprocessing and a graph of ViT-B/32's size: the whole beside its parts. Times are per image.</summary>
[MemoryDiagnoser]
public class EncoderThroughput : IDisposable
{
    private const int Images = 64;
    private readonly float[] _embeddings = new float[Images * 512];
    private readonly float[] _pixels = new float[3 * 224 * 224];
    private readonly SkiaImageDecoder _decoder = new();
    private readonly ImagePreprocessor _preprocessor = new(new ImagePreprocessing());
    private readonly OnceDecoder _once = new();
    private ImageData[] _images = [];
    private RgbImage[] _decoded = [];
    private string _folder = string.Empty;
    private OnnxImageEncoder _encoder = null!;
    private OnnxImageEncoder _encoderOfDecoded = null!;

    [GlobalSetup]
    public void Setup()
    {
        _folder = VisionModel.WriteFull(takesBytes: false);
        _images = [.. Enumerable.Range(0, Images).Select(Photograph)];
        _decoded = [.. _images.Select(image => _decoder.Decode(image))];
        _once.Image = new RgbImage(new byte[224 * 224 * 3], 224, 224);
        OnnxModelFolder model = OnnxModelFolder.Open(_folder);
        _encoder = model.CreateImageEncoder(_decoder);
        _encoderOfDecoded = model.CreateImageEncoder(_once);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _encoder.Dispose();
        _encoderOfDecoded.Dispose();
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Images)]
    public ValueTask Whole() => _encoder.EncodeAsync(_images, _embeddings);

    [Benchmark(OperationsPerInvoke = Images)]
    public void DecodeOnly()
    {
        foreach (ImageData image in _images)
        {
            _decoder.Decode(image).Dispose();
        }
    }

    [Benchmark(OperationsPerInvoke = Images)]
    public void PreprocessOnly()
    {
        foreach (RgbImage image in _decoded)
        {
            _preprocessor.Preprocess(image, _pixels);
        }
    }

    /// <summary>With images of the right size, of which preprocessing costs next to nothing.</summary>
    [Benchmark(OperationsPerInvoke = Images)]
    public ValueTask EncodeOnly() => _encoderOfDecoded.EncodeAsync(_images, _embeddings);

    private static ImageData Photograph(int seed)
    {
        using SKBitmap bitmap = new(400, 600);
        Random random = new(seed);
        for (int i = 0; i < 400 * 600; i++)
        {
            int shade = ((i % 400) + (i / 400)) / 4;
            bitmap.SetPixel(i % 400, i / 400, new SKColor((byte)(shade + random.Next(8)), (byte)(255 - shade), (byte)random.Next(40)));
        }

        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return ImageData.FromBytes(jpeg.ToArray());
    }

    private sealed class OnceDecoder : IImageDecoder
    {
        public RgbImage Image { get; set; } = null!;

        public string Name => "once";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => Image;
    }
}
