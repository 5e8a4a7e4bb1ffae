using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Benchmarks.Imaging;

/// <summary>
/// Pictures from encoded bytes to CLIP's tensor in a process of its own, from the first one on: the processor time of each, of all threads,
/// and what the process took at most. <c>peers/photographs_12mp.py</c> runs it in turn with Pillow.
/// </summary>
internal static class Photographs
{
    /// <summary>Reads <c>[--reduced] [--system-jpeg] [--threads N] FILES</c>; each of several threads reads all files.</summary>
    public static void Run(string[] arguments)
    {
        DecodeOptions options = new();
        bool prefersSystemJpeg = false;
        int threads = 1;
        int first = 0;
        for (; first < arguments.Length && arguments[first].StartsWith("--", StringComparison.Ordinal); first++)
        {
            switch (arguments[first])
            {
                case "--reduced":
                    options.Resolution = ImageResolution.Reduced;
                    break;
                case "--system-jpeg":
                    prefersSystemJpeg = true;
                    break;
                case "--threads":
                    threads = int.Parse(arguments[++first], CultureInfo.InvariantCulture);
                    break;
                default:
                    throw new ArgumentException($"'{arguments[first]}' is not known; expected --reduced, --system-jpeg or --threads N.", nameof(arguments));
            }
        }

        string[] files = arguments[first..];
        ImagePreprocessor preprocessor = new(new ImagePreprocessing());
        SkiaImageDecoder decoder = new() { PrefersSystemJpeg = prefersSystemJpeg };
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(_ => new Thread(() => Preprocess(preprocessor, files, decoder, options, _ => { })))];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        Preprocess(preprocessor, files, decoder, options, taken => Console.WriteLine(taken.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture)));
        foreach (Thread thread in others)
        {
            thread.Join();
        }

        Console.WriteLine("peak " + (Process.GetCurrentProcess().PeakWorkingSet64 >> 10).ToString(CultureInfo.InvariantCulture));
    }

    private static void Preprocess(ImagePreprocessor preprocessor, string[] files, SkiaImageDecoder decoder, DecodeOptions options, Action<TimeSpan> report)
    {
        float[] tensor = new float[3 * preprocessor.Width * preprocessor.Height];
        foreach (string file in files)
        {
            ImageData image = ImageData.OpenFile(file);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            preprocessor.Preprocess(decoder, image, options, tensor);
            report(Environment.CpuUsage.TotalTime - before);
        }
    }
}
