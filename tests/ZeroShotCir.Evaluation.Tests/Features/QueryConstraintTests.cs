using System.Text;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Features;

/// <summary>Texts that must and must not be there, from the file of a data set of one's own to the scores.</summary>
public sealed class QueryConstraintTests : IDisposable
{
    private static readonly string[] Names = ["a.png", "b.png", "c.png", "d.png", "e.png"];
    private readonly TemporaryFolder _folder = new();

    public QueryConstraintTests()
    {
        Directory.CreateDirectory(_folder.File("images"));
        foreach (string name in Names)
        {
            File.WriteAllText(Path.Combine(_folder.File("images"), name), $"picture {name}");
        }

        File.WriteAllText(_folder.File("queries.jsonl"), """
            {"reference": "a.png", "text": "blue", "targets": ["b.png"], "must_have": ["a collar", "stripes"], "must_not": ["a pocket"]}
            {"reference": "b.png", "text": "red", "targets": ["c.png"]}
            """);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Constraints_of_a_file_count_by_the_formula()
    {
        EvaluationRunner runner = await RunnerAsync();
        EvaluationSetting setting = new() { Fusion = StrategyTable.Parse("soft:lambda=0.7"), Alpha = 0.5, Beta = 0 };

        float[] scores = new float[Names.Length];
        foreach (Similarity.SearchHit hit in runner.Rank(setting, Names.Length, Token)[0].Hits)
        {
            scores[hit.Ordinal] = hit.Score;
        }

        double[] query = Unit(Unit(Row("picture a.png")).Zip(Unit(Row("blue")), (v, t) => (0.5 * v) + (0.5 * t)));
        for (int item = 1; item < Names.Length; item++)
        {
            double s = Dot(query, Unit(Row($"picture {Names[item]}")));
            double have = (Cosine("a collar", item) + Cosine("stripes", item)) / 2, not = Cosine("a pocket", item);
            Assert.Equal((0.3 * s) + (0.7 * s * (have + 1 - not) / 2), scores[item], 1e-6);
        }
    }

    [Fact]
    public async Task What_a_strategy_lacks_is_said_and_what_it_has_is_not()
    {
        EvaluationRunner runner = await RunnerAsync();
        string?[] needs = [.. ((string[])["weighted", "soft", "product", "target", "adast", "joint", "basic", "rocchio", "gmixer"])
            .Select(name => runner.NeedsOf(new EvaluationSetting { Fusion = StrategyTable.Parse(name) }))];

        Assert.Equal([null, null, null], needs[..3]);
        Assert.StartsWith("descriptions of the targets", needs[3], StringComparison.Ordinal);
        Assert.Contains("captions of the reference", needs[4], StringComparison.Ordinal);
        Assert.Contains("descriptions of the targets", needs[4], StringComparison.Ordinal);
        Assert.Contains("reads image and text together", needs[5], StringComparison.Ordinal);
        Assert.Contains("projection", needs[6], StringComparison.Ordinal);
        Assert.Contains(" or images that were liked", needs[7], StringComparison.Ordinal);
        Assert.Contains("descriptions of the targets", needs[8], StringComparison.Ordinal);

        // One query without constraints is enough for what requires them.
        Assert.Contains("must_not of the queries", runner.NeedsOf(new EvaluationSetting { Fusion = StrategyTable.Parse("soft-penalty") }), StringComparison.Ordinal);

        // Without constraints, soft would rank as the weighted sum does.
        File.WriteAllText(_folder.File("queries.jsonl"), """{"reference": "b.png", "text": "red", "targets": ["c.png"]}""");
        Assert.Contains("must be there", (await RunnerAsync()).NeedsOf(new EvaluationSetting { Fusion = StrategyTable.Parse("soft") }), StringComparison.Ordinal);
    }

    private async Task<EvaluationRunner> RunnerAsync()
    {
        EvaluationDataset dataset = QueryFileReader.Read(_folder.Path);
        Towers towers = new();
        EncodedDataset encoded = await new FeatureEncoder(towers, towers).EncodeAsync(dataset, DatasetRecipe.DefaultOf(dataset.Name), cancellationToken: Token);
        return new EvaluationRunner(dataset, encoded.Features);
    }

    private static double Cosine(string text, int item) => Dot(Unit(Row(text)), Unit(Row($"picture {Names[item]}")));

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double[] Unit(IEnumerable<double> row)
    {
        double[] values = [.. row];
        double length = Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / length)];
    }

    private static double[] Row(string content)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(content));
        return [.. hash.Take(6).Select(value => (double)(float)((value / 255.0) - 0.3))];
    }

    private sealed class Towers : IImageEncoder, ITextEncoder
    {
        public EncoderInfo Info => new("towers", 6, isUnitLength: false);

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. images.Select(image => Encoding.UTF8.GetString(image.Data.Span))], destination);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default) => Write(texts, destination);

        private static ValueTask Write(IReadOnlyList<string> contents, Memory<float> destination)
        {
            for (int i = 0; i < contents.Count; i++)
            {
                float[] row = [.. Row(contents[i]).Select(value => (float)value)];
                row.CopyTo(destination[(6 * i)..]);
            }

            return ValueTask.CompletedTask;
        }
    }
}
