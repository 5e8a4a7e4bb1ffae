using System.Text.Json;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary>What was encoded once is not encoded again, whatever ended the run.</summary>
public sealed class RememberedFeaturesTests(ITestOutputHelper output) : IDisposable
{
    private readonly CopiedDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task A_killed_evaluation_goes_on_and_a_second_one_reads_no_pixel()
    {
        using (ToolProcess tool = ToolProcess.Start(Arguments("0.7", "0.1")))
        {
            // Features reach the disk in pieces; the first piece is there before the last picture is encoded.
            while (!tool.HasEnded && !(Directory.Exists(_dataset.Cache) && Directory.EnumerateFiles(_dataset.Cache, "*.safetensors", SearchOption.AllDirectories).Any()))
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            Assert.False(tool.HasEnded, "The evaluation ended before it could be killed.");
            await tool.KillAsync();
        }

        ToolOutcome resumed = await ToolProcess.RunAsync(Arguments("0.7", "0.1"));
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        int encoded = Timings(resumed).GetProperty("encoded_images").GetInt32();
        output.WriteLine($"killed; the next run encoded {encoded} of 432 images");
        Assert.InRange(encoded, 1, 431);

        // The files stay, with their lengths and dates, but no picture is left in them.
        foreach (string image in _dataset.Images)
        {
            DateTime written = File.GetLastWriteTimeUtc(image);
            File.WriteAllBytes(image, new byte[new FileInfo(image).Length]);
            File.SetLastWriteTimeUtc(image, written);
        }

        ToolOutcome again = await ToolProcess.RunAsync(Arguments("0.7", "0.1"));
        ToolOutcome other = await ToolProcess.RunAsync(Arguments("0.5", "0.3"));
        Assert.All((ToolOutcome[])[again, other], outcome =>
        {
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            Assert.Equal((0, 0), (Timings(outcome).GetProperty("encoded_images").GetInt32(), Timings(outcome).GetProperty("encoded_texts").GetInt32()));
        });
        Assert.Equal(Metrics(resumed), Metrics(again));
        Assert.NotEqual(Metrics(resumed), Metrics(other));
    }

    private static JsonElement Timings(ToolOutcome outcome) => outcome.Json.GetProperty("manifest").GetProperty("timings");

    private static string Metrics(ToolOutcome outcome) => outcome.Json.GetProperty("results")[0].GetProperty("metrics").GetRawText();

    private string[] Arguments(string alpha, string beta)
        => _dataset.Arguments("eval", "--captions", _dataset.Captions, "--cache", _dataset.Cache, "--alpha", alpha, "--beta", beta);
}
