using BenchmarkDotNet.Attributes;
using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Benchmarks.Encoders;

/// <summary>
/// What the encoder adds to ONNX Runtime: the same batch through a bare binding and through the encoder. The images have the
/// right size and the graph takes bytes, so that all that is left besides the run is ours. Read Ratio of the full graph, and
/// the difference of the means of the empty one, which is the same overhead without the noise of a long run.
/// </summary>
[MemoryDiagnoser]
public class EncoderOverhead : IDisposable
{
    private const int BatchSize = 16;
    private const int PixelBytes = 224 * 224 * 3;
    private const int Dimensions = 512;
    private readonly RunOptions _run = new();
    private readonly float[] _embeddings = new float[BatchSize * Dimensions];
    private readonly ImageData[] _images = [.. Enumerable.Range(0, BatchSize).Select(_ => new ImageData(new byte[1], "image/raw"))];
    private string _folder = string.Empty;
    private InferenceSession _session = null!;
    private OrtIoBinding _binding = null!;
    private OrtValue _input = null!;
    private OrtValue _output = null!;
    private OnnxImageEncoder _encoder = null!;

    [Params(false, true)]
    public bool IsFullSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = IsFullSize ? VisionModel.WriteFull(takesBytes: true) : VisionModel.WriteEmpty();
        _session = new InferenceSession(Path.Combine(_folder, "onnx", "vision_model.onnx"));
        _binding = _session.CreateIoBinding();
        _input = OrtValue.CreateTensorValueFromMemory(new byte[BatchSize * PixelBytes], [BatchSize, 224, 224, 3]);
        _output = OrtValue.CreateTensorValueFromMemory(new float[BatchSize * Dimensions], [BatchSize, Dimensions]);
        _binding.BindInput("pixel_values", _input);
        _binding.BindOutput("image_embeds", _output);
        _encoder = OnnxModelFolder.Open(_folder, new OnnxModelOptions { BatchSize = BatchSize }).CreateImageEncoder(new BlankDecoder());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _encoder.Dispose();
        _output.Dispose();
        _input.Dispose();
        _binding.Dispose();
        _session.Dispose();
        _run.Dispose();
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public void BareRuntime() => _session.RunWithBinding(_run, _binding);

    [Benchmark]
    public ValueTask Encoder() => _encoder.EncodeAsync(_images, _embeddings);

    private sealed class BlankDecoder : IImageDecoder
    {
        private readonly byte[] _blank = new byte[PixelBytes];

        public string Name => "blank";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => new(_blank, 224, 224);
    }
}
