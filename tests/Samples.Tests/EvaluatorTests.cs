using System.Text.Json;
using Evaluator;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Tests;

namespace Samples.Tests;

/// <summary>The README's first command: the main job in the public API.</summary>
public sealed class EvaluatorTests
{
    private static readonly string Sample = Path.Combine(RepositoryPaths.Root, "samples", "Evaluator");

    /// <summary>The tool's figures are held to the same file, hit for hit: both are equal to an independent reference.</summary>
    [Theory]
    [InlineData("fashioniq", 3)]
    [InlineData("cirr", 1)]
    public async Task Its_figures_are_those_of_the_reference(string dataset, int categories)
    {
        JsonElement[] expected =
        [
            .. GoldenJson.Read(Path.Combine(RepositoryPaths.TinyFashion, "data", "expected.json")).GetProperty("recall").GetProperty("datasets").EnumerateArray()
                .Where(item => item.GetProperty("dataset").GetString() == dataset && item.TryGetProperty("queries", out _)),
        ];
        OnnxModelFolder model = OnnxModelFolder.Open(
            Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), new() { DecodeOptions = new() { Orientation = ImageOrientation.Ignore } });

        MeasuredSettings measured = await Benchmark.MeasureAsync(model, dataset, Path.Combine(RepositoryPaths.TinyFashion, "data", dataset));

        Assert.Equal(categories, measured.Runners.Count);
        int figures = 0;
        for (int category = 0; category < categories; category++)
        {
            string? name = measured.Categories[category];
            JsonElement settings = expected.Single(item => NameOf(item) == name).GetProperty("settings");
            for (int setting = 0; setting < measured.Settings.Count; setting++)
            {
                EvaluationResult result = measured.ResultOf(setting, category);
                JsonElement reference = settings.EnumerateArray().Single(item => item.GetProperty("scoring").GetString() == "paper"
                    && item.GetProperty("fusion").GetString() == "unit"
                    && item.GetProperty("alpha").GetDouble() == result.Setting.Alpha
                    && item.GetProperty("beta").GetDouble() == result.Setting.Beta);
                foreach (JsonProperty metric in reference.GetProperty("hits").EnumerateObject())
                {
                    // A query may differ only where it is closer to the cut than the encoders' own error.
                    int fragile = reference.GetProperty("fragile").TryGetProperty(metric.Name, out JsonElement allowance) ? allowance.GetInt32() : 0;
                    Assert.InRange(result.Hits[metric.Name], metric.Value.GetInt32() - fragile, metric.Value.GetInt32() + fragile);
                    figures++;
                }
            }
        }

        Assert.True(figures >= 16 * categories, $"Only {figures} figures were compared.");
        string[] lines = measured.ToText("R@1", "R@10").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.EndsWith(FormattableString.Invariant($"{measured.ResultOf(3).Metrics["R@10"],6:0.0}"), lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_short_and_has_no_key_to_what_is_not_public()
    {
        string[] files = Directory.GetFiles(Sample, "*.cs");
        IEnumerable<string> keys = Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("\"Evaluator\"", StringComparison.Ordinal));

        Assert.True(files.Sum(file => File.ReadAllLines(file).Length) < 150, "The main job is shown in fewer than 150 lines.");
        Assert.Empty(keys);
        Assert.DoesNotContain("ZeroShotCir.Tool", File.ReadAllText(Path.Combine(Sample, "Evaluator.csproj")), StringComparison.Ordinal);
    }

    // CIRR has no categories: the field is null or absent.
    private static string? NameOf(JsonElement item) => item.TryGetProperty("category", out JsonElement category) ? category.GetString() : null;
}
