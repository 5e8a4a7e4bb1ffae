using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Tests.GalleryWriting;

namespace ZeroShotCir.Tests.Galleries.Storage;

public sealed class GalleryCrashTests(ITestOutputHelper output) : IDisposable
{
    private const string KillsVariable = "ZEROSHOTCIR_KILLS";
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? "25", CultureInfo.InvariantCulture);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_write_fails_last_nothing_committed_is_lost(bool diskFull)
    {
        const int Steps = 12; // Reaches a merge, a compaction and a refolding.
        int points = 0, stride = Kills >= 1000 ? 1 : 29;
        for (int failAt = 0; ; failAt += stride, points++)
        {
            string folder = _folder.File($"{diskFull}-{failAt}");
            FailingStorage storage = new(failAt, diskFull, seed: failAt);
            int acknowledged = RunUntilFailure(folder, storage, Steps);
            if (!storage.Failed)
            {
                Assert.Equal(Steps, acknowledged);
                break;
            }

            if (!diskFull)
            {
                storage.CutPower();
            }

            AssertRecovers(folder, acknowledged, $"failure at operation {failAt}");
            Directory.Delete(folder, recursive: true);
        }

        output.WriteLine($"{points} points of failure, one for every {stride} changes on the disk (every one with {KillsVariable}=1000)");
        Assert.InRange(points, 20, 3000);
    }

    [Fact]
    public void Killing_the_writing_process_at_random_moments_loses_nothing_that_was_committed()
    {
        int kills = Kills;
        string folder = _folder.File("killed");
        Random random = new(20240607);
        int acknowledged = 0, early = 0, reads = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Workload).Assembly.Location, folder])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            using ManualResetEventSlim firstCommit = new();
            process.OutputDataReceived += (_, line) =>
            {
                acknowledged = line.Data is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : acknowledged;
                firstCommit.Set();
            };
            process.BeginOutputReadLine();
            if (random.Next(8) == 0)
            {
                Thread.Sleep(random.Next(300)); // Somewhere before or in the first commit of this life.
                early++;
            }
            else
            {
                firstCommit.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }

            TimeSpan life = TimeSpan.FromMilliseconds(random.NextDouble() * 60);
            for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < life; Thread.Sleep(1))
            {
                // A reader beside the writer sees one state or the next, whole.
                if (File.Exists(Path.Combine(folder, "manifest.json")))
                {
                    Gallery seen = Gallery.Open(folder);
                    GalleryState.AssertEqual(Workload.StateAfter(Workload.StepOf(seen)), seen);
                    reads++;
                }
            }

            process.Kill();
            process.WaitForExit();
            if (File.Exists(Path.Combine(folder, "manifest.json")))
            {
                Gallery gallery = Gallery.Open(folder);
                int step = Workload.StepOf(gallery);
                Assert.True(step >= acknowledged, $"Kill {kill}: step {acknowledged} was committed, the gallery is at {step}.");
                acknowledged = step;
                GalleryState.AssertEqual(Workload.StateAfter(step), gallery);
                GalleryState.AssertValid(folder);
            }
        }

        output.WriteLine($"{kills} kills, {acknowledged} commits, {reads} reads beside the writer, {early} of the kills while starting (set {KillsVariable} for more)");
        Assert.True(acknowledged > kills / 2, $"Only {acknowledged} commits in {kills} lives: the kills came too early to test anything.");
    }

    private static int RunUntilFailure(string folder, FailingStorage storage, int steps)
    {
        int acknowledged = 0;
        try
        {
            using GalleryWriter writer = GalleryWriter.Open(folder, Workload.Model, null, storage);
            for (int step = 1; step <= steps; step++)
            {
                Workload.Apply(writer, step);
                writer.Commit();
                acknowledged = step;
                if (step == 7)
                {
                    writer.Compact();
                }

                if (step == 10)
                {
                    writer.Refold(0.3);
                }
            }
        }
        catch (IOException)
        {
        }

        return acknowledged;
    }

    private static void AssertRecovers(string folder, int acknowledged, string where)
    {
        int step = 0;
        if (acknowledged > 0 || File.Exists(Path.Combine(folder, "manifest.json")))
        {
            Gallery gallery = Gallery.Open(folder);
            step = Workload.StepOf(gallery);
            Assert.True(step == acknowledged || step == acknowledged + 1, $"{where}: step {acknowledged} was committed, the gallery is at {step}.");
            GalleryState.AssertEqual(Workload.StateAfter(step), gallery);
            GalleryState.AssertValid(folder);
        }

        using (GalleryWriter writer = GalleryWriter.Open(folder, Workload.Model))
        {
            Workload.Apply(writer, step + 1);
            writer.Commit();
        }

        GalleryState.AssertEqual(Workload.StateAfter(step + 1), Gallery.Open(folder));
        GalleryState.AssertValid(folder);
        Assert.DoesNotContain(Directory.EnumerateFiles(folder), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
