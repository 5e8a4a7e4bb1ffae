using System.Diagnostics;
using System.Security.Cryptography;
using SkiaSharp;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Benchmarks.Encoders;

/// <summary>
/// Whether indexing keeps every processor at work: the elapsed time of a run, beside what its stages take alone, each by one thread, shared
/// out over the processors. The graph costs as much as that of CLIP ViT-B/32.
/// </summary>
internal static class IndexingPipeline
{
    private const int Rounds = 3;

    public static async Task RunAsync(int count)
    {
        string root = Directory.CreateTempSubdirectory("zeroshotcir-pipeline").FullName, model = VisionModel.WriteFull(takesBytes: false);
        try
        {
            string photos = Path.Combine(root, "photos");
            Directory.CreateDirectory(photos);
            Parallel.For(0, count, i => File.WriteAllBytes(Path.Combine(photos, FormattableString.Invariant($"{i}.jpg")), Photograph(i)));
            string[] files = Directory.GetFiles(photos);
            using OnnxImageEncoder whole = Encoder(model, new SkiaImageDecoder(), threads: 0), alone = Encoder(model, new ReadyDecoder(), threads: 1);
            int processors = Environment.ProcessorCount;
            Console.WriteLine(FormattableString.Invariant($"{count} photographs of 1024 x 768, {processors} processors"));
            Console.WriteLine("| round | read and hash | decode and preprocess | encode | sum / processors | elapsed | processor time | sum / processors / elapsed |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
            for (int round = 0; round < Rounds; round++)
            {
                double read = Processor(() => Array.ForEach(files, file => SHA256.HashData(File.ReadAllBytes(file))));
                double decode = Processor(() => Decode(files));
                ImageData[] images = [.. files.Select(_ => ImageData.FromBytes(new byte[1]))];
                float[] rows = new float[count * alone.Info.Dimensions];
                double encode = Processor(() => alone.EncodeAsync(images, rows).AsTask().GetAwaiter().GetResult());
                double sum = (read + decode + encode) / processors;

                TimeSpan before = Environment.CpuUsage.TotalTime;
                Stopwatch clock = Stopwatch.StartNew();
                GalleryScan scan = GalleryScan.Read(Path.Combine(root, FormattableString.Invariant($"gallery-{round}")), [new NamedFolder(photos)]);
                GalleryBuildResult result = await new GalleryBuilder(whole).BuildAsync(scan);
                double elapsed = clock.Elapsed.TotalSeconds, processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                Console.WriteLine(FormattableString.Invariant(
                    $"| {round} | {read:F2} s | {decode:F2} s | {encode:F2} s | {sum:F2} s | {elapsed:F2} s | {processor:F2} s | {sum / elapsed:F3} |"));
                if (result.Added != count)
                {
                    throw new InvalidOperationException($"{result.Added} of {count} pictures were indexed.");
                }
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
            Directory.Delete(model, recursive: true);
        }
    }

    private static OnnxImageEncoder Encoder(string folder, IImageDecoder decoder, int threads)
        => OnnxModelFolder.Open(folder, new OnnxModelOptions { Execution = new OnnxExecutionOptions { Threads = threads } }).CreateImageEncoder(decoder);

    private static void Decode(string[] files)
    {
        SkiaImageDecoder decoder = new();
        ImagePreprocessor preprocessor = new(new ImagePreprocessing());
        float[] pixels = new float[3 * 224 * 224];
        foreach (string file in files)
        {
            preprocessor.Preprocess(decoder, ImageData.FromFile(file), new DecodeOptions(), pixels);
        }
    }

    private static double Processor(Action work)
    {
        work();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static byte[] Photograph(int seed)
    {
        using SKBitmap bitmap = new(new SKImageInfo(1024, 768, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Random random = new(seed);
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < 1024 * 768; i++)
        {
            int shade = ((i % 1024) + (i / 1024)) / 8;
            (pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2], pixels[(4 * i) + 3]) = ((byte)(shade + random.Next(24)), (byte)(255 - shade), (byte)random.Next(40), 255);
        }

        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return jpeg.ToArray();
    }

    /// <summary>Has a picture of the right size at hand, of which preprocessing costs next to nothing.</summary>
    private sealed class ReadyDecoder : IImageDecoder
    {
        private readonly RgbImage _image = new(new byte[224 * 224 * 3], 224, 224);

        public string Name => "ready";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => _image;
    }
}
