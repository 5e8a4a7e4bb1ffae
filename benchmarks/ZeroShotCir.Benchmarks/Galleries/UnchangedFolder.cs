using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>
/// What looking at a folder costs in which nothing has changed since it was indexed: wall time and processor time, in fresh processes, as a
/// command line has them, and of what follows in each of them.
/// </summary>
internal static class UnchangedFolder
{
    private const int FilesPerFolder = 1000;
    private const int Processes = 5;
    private const int RunsOfEach = 3;

    public static async Task RunAsync(int files)
    {
        string root = Directory.CreateTempSubdirectory("zeroshotcir-unchanged").FullName;
        try
        {
            string photos = Path.Combine(root, "photos"), gallery = Path.Combine(root, "gallery");
            byte[] file = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0];
            for (int i = 0; i < files; i++)
            {
                string folder = Path.Combine(photos, (i / FilesPerFolder).ToString(CultureInfo.InvariantCulture));
                Directory.CreateDirectory(folder);
                BitConverter.TryWriteBytes(file.AsSpan(4), i);
                File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"{i}.jpg")), file);
            }

            // So that no time of a file is too young to be trusted.
            await Task.Delay(100);
            await LookAsync("new", photos, gallery);
            for (int process = 0; process < Processes; process++)
            {
                using Process again = Process.Start(Environment.ProcessPath!, [.. OwnAssembly(), "unchanged-folder", photos, gallery]);
                await again.WaitForExitAsync();
                if (again.ExitCode != 0)
                {
                    throw new InvalidOperationException($"A process that looked at the folder again ended with {again.ExitCode}.");
                }
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Looks at a folder that was indexed, a few times in this process.</summary>
    public static async Task RunAsync(string photos, string gallery)
    {
        for (int run = 1; run <= RunsOfEach; run++)
        {
            await LookAsync(run == 1 ? "first of a process" : "the next", photos, gallery);
        }
    }

    private static async Task LookAsync(string name, string photos, string gallery)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        Stopwatch clock = Stopwatch.StartNew();
        GalleryScan scan = GalleryScan.Read(gallery, [new NamedFolder(photos)]);
        double looked = clock.Elapsed.TotalSeconds;
        GalleryBuildResult result = await new GalleryBuilder(new ContentEncoder()).BuildAsync(scan);
        double all = clock.Elapsed.TotalSeconds;
        double computed = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        Console.WriteLine(FormattableString.Invariant(
            $"{name}: {result.Unchanged} of {scan.Images.Count} unchanged, {all:F2} s ({looked:F2} s of it the walk), processor {computed:F2} s"));
    }

    // Where the program is run by dotnet, what it is to run.
    private static string[] OwnAssembly()
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "ZeroShotCir.Benchmarks.dll")] : [];

    /// <summary>Makes rows of the bytes, so that no time goes into pictures.</summary>
    private sealed class ContentEncoder : IImageEncoder
    {
        public EncoderInfo Info { get; } = new("bytes", 8, false);

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < images.Count; i++)
            {
                for (int d = 0; d < 8; d++)
                {
                    destination.Span[(i * 8) + d] = images[i].Data.Span[d] + 1;
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
