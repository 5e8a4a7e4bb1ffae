using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary>The table of strategies on the built-in world: TinyFashion in two layouts, and the album kind by kind.</summary>
public sealed class StrategyComparisonTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_strategy_is_a_row_or_says_what_it_needs_and_the_albums_figures_are_the_expected_ones()
    {
        ToolOutcome outcome = await ToolProcess.RunAsync("compare");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Dictionary<string, JsonElement> tables = outcome.Json.GetProperty("tables").EnumerateArray().ToDictionary(table => table.GetProperty("title").GetString()!);
        output.WriteLine(outcome.Output);
        Assert.Equal(9, tables.Count);
        foreach ((string title, JsonElement table) in tables)
        {
            string[] measured = [.. table.GetProperty("rows").EnumerateArray().Select(FusionOf).Distinct()];
            JsonElement[] lacking = [.. table.GetProperty("unmeasured").EnumerateArray()];
            Assert.Equal(28, measured.Length + lacking.Length);
            Assert.All(lacking, row => Assert.NotEmpty(row.GetProperty("needs").GetString()!));
            Assert.All(table.GetProperty("rows").EnumerateArray(), row =>
            {
                Assert.True(row.GetProperty("search_seconds_per_query").GetDouble() > 0);
                JsonElement gap = row.GetProperty("composition_gap");
                Assert.InRange(gap.GetProperty("gap").GetDouble(), gap.GetProperty("lower").GetDouble() - 10, gap.GetProperty("upper").GetDouble() + 10);
            });
        }

        // FashionIQ and CIRR have neither descriptions of targets nor constraints; the captions of their pictures are there.
        foreach (string layout in (string[])["TinyFashion, FashionIQ layout", "TinyFashion, CIRR layout"])
        {
            Dictionary<string, string> needs = tables[layout].GetProperty("unmeasured").EnumerateArray()
                .ToDictionary(row => row.GetProperty("label").GetString()!.Split(':')[0], row => row.GetProperty("needs").GetString()!);
            Assert.StartsWith("descriptions of the targets", needs["target"], StringComparison.Ordinal);
            Assert.Contains("must be there", needs["soft"], StringComparison.Ordinal);
            Assert.Contains("projection", needs["basic"], StringComparison.Ordinal);
            Assert.DoesNotContain("weighted", needs.Keys);
        }

        JsonElement[] expected = [.. GoldenJson.Read(Path.Combine(RepositoryPaths.TinyFashion, "album", "expected_metrics.json")).GetProperty("results").EnumerateArray()];
        Holds("Album, a reference and a change", "composed", null,
            ("weighted", "weighted sum", "alpha", 0.7), ("product", "product", "", 0), ("late-cdf", "WeiCom", "lambda", 0.7));
        Holds("Album, shortcut: the text alone is enough", "shortcuts", "text", ("weighted", "weighted sum", "alpha", 0.7), ("product", "product", "", 0));
        Holds("Album, shortcut: the picture alone is enough", "shortcuts", "image", ("weighted", "weighted sum", "alpha", 0.7), ("product", "product", "", 0));
        Holds("Album, a text, and what must and must not be there", "constrained", "text",
            ("weighted", "base only", "", 0), ("soft", "SoFT soft", "lambda", 1), ("soft-penalty", "SoFT penalty", "lambda", 1));
        Holds("Album, a reference, and what must and must not be there", "constrained", "reference",
            ("soft", "SoFT soft", "lambda", 1), ("soft-reward", "SoFT reward", "lambda", 1));
        Holds("Album, the last turn of a session", "sessions", null, ("weighted", "last turn", "alpha", 0.7));

        // The same sessions by what becomes of earlier turns.
        Dictionary<string, JsonElement> sessions = outcome.Json.GetProperty("sessions").EnumerateArray().ToDictionary(row => row.GetProperty("history").GetString()!);
        Assert.Equal(6, sessions.Count);
        foreach ((string history, string strategy, (string Name, double Value)[] setting) in ((string, string, (string, double)[])[])
            [
                ("last-turn", "last turn", [("alpha", 0.7)]),
                ("mean-of-texts", "mean of texts, last picture", [("alpha", 0.7)]),
                ("joined-texts", "joined sentence, last picture", [("alpha", 0.7)]),
                ("mean-of-queries", "mean of queries", [("alpha", 0.7)]),
                ("fading", "fading memory", [("alpha", 0.7), ("keep", 0.4)]),
                ("rocchio", "Rocchio", [("text", 0.44)]),
            ])
        {
            JsonElement wanted = expected.Single(row => row.Text("kind") == "sessions" && row.Text("strategy") == strategy && !row.TryGetProperty("subset", out _)
                && setting.All(parameter => row.GetProperty("setting").TryGetProperty(parameter.Name, out JsonElement value) && value.GetDouble() == parameter.Value));
            JsonElement row = sessions.Single(pair => pair.Key.Split(':')[0] == history).Value, found = row.GetProperty("final_turn").GetProperty("metrics");
            foreach (string metric in (string[])["R@1", "R@5", "R@10"])
            {
                int fragile = wanted.GetProperty("fragile").TryGetProperty(metric, out JsonElement queries) ? queries.GetArrayLength() : 0;
                Assert.Equal(wanted.GetProperty("percent").Number(metric), found.Number(metric), (100.0 * fragile / 90) + 1e-3);
            }
        }

        void Holds(string title, string kind, string? subset, params (string Fusion, string Strategy, string Parameter, double Value)[] rows)
        {
            foreach ((string fusion, string strategy, string parameter, double value) in rows)
            {
                JsonElement wanted = expected.Single(setting => setting.Text("kind") == kind && setting.Text("strategy") == strategy
                    && (setting.TryGetProperty("subset", out JsonElement of) ? of.GetString() : null) == subset
                    && (parameter.Length == 0 || setting.GetProperty("setting").Number(parameter) == value));
                JsonElement row = tables[title].GetProperty("rows").EnumerateArray().First(row => FusionOf(row) == fusion);
                double found = row.GetProperty("metrics").GetProperty("mAP@10").GetProperty("estimate").GetDouble();
                double[] within = wanted.GetProperty("mAP@10_within").Doubles();
                Assert.True(found >= within[0] - 1e-4 && found <= within[1] + 1e-4, $"{title}, {fusion}: {found}, expected {within[0]} to {within[1]}");
            }
        }
    }

    private static string FusionOf(JsonElement row) => row.GetProperty("setting").GetProperty("fusions").EnumerateArray().Single().GetString()!.Split(':')[0];
}
