using System.Text.Json;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary>Every fusion can be swept and evaluated by its name.</summary>
public sealed class FusionOptionTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Fusions =
        ["weighted", "slerp", "hadamard", "centred", "late-linear", "late-cdf", "product", "pdv:image=1.2,text=1.4", "sdr", "seize", "arithmetic:image=1,text=2,description=-0.5"];

    private readonly CopiedDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task A_sweep_takes_all_of_them_and_gives_what_single_evaluations_give()
    {
        string[] source = ["--captions", _dataset.Captions, "--cache", _dataset.Cache, "--missing-evidence", "stand-in"];
        ToolOutcome sweep = await ToolProcess.RunAsync([.. _dataset.Arguments("sweep", source), "--alphas", "0.3,0.7", "--betas", "0,0.1,1", "--fusion", .. Fusions]);
        Assert.True(sweep.ExitCode == 0, sweep.Errors);
        JsonElement[] points = [.. sweep.Json.GetProperty("results").EnumerateArray()];

        // Seven fusions have an α to sweep over, four have none.
        Assert.Equal((7 * 2 * 3) + (4 * 3), points.Length);
        foreach (string fusion in (string[])["slerp", "late-cdf", "product", "pdv:image=1.2,text=1.4"])
        {
            ToolOutcome eval = await ToolProcess.RunAsync([.. _dataset.Arguments("eval", source), "--alpha", "0.7", "--beta", "0.1", "--fusion", fusion]);
            Assert.True(eval.ExitCode == 0, eval.Errors);
            JsonElement alone = eval.Json.GetProperty("results")[0];
            JsonElement point = points.Single(candidate =>
                candidate.GetProperty("fusion").GetString() == alone.GetProperty("fusion").GetString()
                && candidate.GetProperty("beta").GetDouble() == 0.1
                && (fusion == "product" || candidate.GetProperty("alpha").GetDouble() == 0.7));
            Assert.Equal(point.GetProperty("hits").GetRawText(), alone.GetProperty("hits").GetRawText());
            output.WriteLine($"{fusion}: R@1 {alone.GetProperty("metrics").GetProperty("R@1")}");
        }
    }
}
