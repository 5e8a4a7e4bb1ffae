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
    public static void Run(string[] files, ImageResolution resolution)
    {
        SkiaImageDecoder decoder = new();
        DecodeOptions options = new() { Resolution = resolution };
        ImagePreprocessor preprocessor = new(new ImagePreprocessing());
        float[] tensor = new float[3 * preprocessor.Width * preprocessor.Height];
        foreach (string file in files)
        {
            ImageData image = ImageData.FromFile(file);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            preprocessor.Preprocess(decoder, image, options, tensor);
            Console.WriteLine((Environment.CpuUsage.TotalTime - before).TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture));
        }

        Console.WriteLine("peak " + (Process.GetCurrentProcess().PeakWorkingSet64 >> 10).ToString(CultureInfo.InvariantCulture));
    }
}
