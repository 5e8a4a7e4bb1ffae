using System.Text;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Tests.Features;

/// <summary>Reference images and texts that a model reads together, as one more kind of evidence.</summary>
public sealed class ComposedFeatureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ComposedFeatureTests()
    {
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            File.WriteAllText(_folder.File($"{name}.png"), $"picture {name}");
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_row_is_the_models_of_image_and_text_and_is_encoded_once()
    {
        Composer composer = new("model");
        EncodedDataset encoded = await EncodeAsync(composer, Dataset("red", "blue", "red"));

        Assert.Equal(
            ["query:picture a|red", "query:picture a|blue", "query:picture b|red"], Enumerable.Range(0, 3).Select(row => composer.Of(encoded.Features.ComposedQueries![row])));
        Assert.Equal(3, encoded.EncodedQueries);

        // The same again reads nothing, also in another process; another text, image, model or dimension does.
        Assert.Equal(0, (await EncodeAsync(new Composer("model"), Dataset("red", "blue", "red"))).EncodedQueries);
        Assert.Equal(1, (await EncodeAsync(new Composer("model"), Dataset("red", "blue", "green"))).EncodedQueries);
        File.WriteAllText(_folder.File("a.png"), "another picture");
        Assert.Equal(2, (await EncodeAsync(new Composer("model"), Dataset("red", "blue", "green"))).EncodedQueries);
        Assert.Equal(3, (await EncodeAsync(new Composer("model+instruction"), Dataset("red", "blue", "green"))).EncodedQueries);
        Assert.Equal(3, (await EncodeAsync(new Composer("model") { Kind = CompositionKind.Averaged }, Dataset("red", "blue", "green"))).EncodedQueries);
    }

    [Fact]
    public async Task Several_rewordings_are_the_mean_of_their_directions()
    {
        Composer composer = new("model");
        EncodedDataset encoded = await EncodeAsync(composer, Dataset("red", "blue", "red"), DatasetRecipe.Parse("a {}|the {}", "cirr"));
        float[] mean = new float[4];
        MeanDirection.Compute(EmbeddingMatrix.FromRows([composer.Row("query:picture a|a red"), composer.Row("query:picture a|the red")]), mean);

        Assert.Equal(6, encoded.EncodedQueries);
        Assert.Equal(mean, encoded.Features.ComposedQueries![0].ToArray());
    }

    [Fact]
    public async Task Without_them_the_strategy_is_refused_and_another_models_are_not_taken()
    {
        EvaluationDataset dataset = Dataset("red", "blue", "red");
        EncodedDataset plain = await EncodeAsync(null, dataset);
        EvaluationSetting joint = new() { Fusion = StrategyTable.Parse("joint"), Beta = 0 };

        Assert.Null(plain.Features.ComposedQueries);
        Assert.Contains(
            "composed queries", Assert.Throws<ArgumentException>(() => new EvaluationRunner(dataset, plain.Features).Evaluate(joint, Token)).Message, StringComparison.Ordinal);
        FeatureEncoderOptions options = new() { ComposedEncoder = new Composer("x") { Space = "other" } };
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new FeatureEncoder(new Towers(), new Towers(), options));
        Assert.Contains("another model", refusal.Message, StringComparison.Ordinal);

        // α says nothing, captions count as ever.
        EncodedDataset encoded = await EncodeAsync(new Composer("model"), dataset);
        EvaluationRunner runner = new(dataset, encoded.Features);
        Assert.Equal(runner.Rank(joint, 3, Token)[0].Hits, runner.Rank(joint with { Alpha = 0.1 }, 3, Token)[0].Hits);
    }

    [Fact]
    public async Task Captions_are_encoded_as_what_is_searched_for()
    {
        FeatureEncoder encoder = new(new Towers(), new Towers("query"), new FeatureEncoderOptions { CaptionEncoder = new Towers("document"), CacheFolder = _folder.File("cache") });
        EncodedDataset encoded = await encoder.EncodeAsync(
            Dataset("same", "blue", "red"), DatasetRecipe.Parse("plain", "cirr"), new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["same"] }, cancellationToken: Token);

        Assert.Equal(Towers.Row("document same"), encoded.Features.Captions[0][0].ToArray());
        Assert.Equal(Towers.Row("query same"), encoded.Features.Texts[0].ToArray());
    }

    private EvaluationDataset Dataset(params string[] texts) => new(
        "cirr",
        "val",
        [.. ((string[])["a", "b", "c", "d"]).Select(name => new GalleryImage(name, _folder.File($"{name}.png")))],
        [.. texts.Select((text, i) => new EvaluationQuery($"{i}", i < 2 ? "a" : "b", [text]) { Target = "c" })]);

    private Task<EncodedDataset> EncodeAsync(Composer? composer, EvaluationDataset dataset, ITextRecipe? recipe = null)
        => new FeatureEncoder(new Towers(), new Towers(), new FeatureEncoderOptions { CacheFolder = _folder.File("cache"), BatchSize = 2, ComposedEncoder = composer })
            .EncodeAsync(dataset, recipe ?? DatasetRecipe.Parse("plain", "cirr"), cancellationToken: Token);

    private sealed class Towers(string role = "") : IImageEncoder, ITextEncoder
    {
        public EncoderInfo Info { get; } = new($"towers{role}", 4, isUnitLength: false) { Space = "towers" };

        public static float[] Row(string what) => [what.Length, what.Sum(letter => letter) % 7, what[^1], 1];

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. images.Select(image => Encoding.UTF8.GetString(image.Data.Span))], destination);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. texts.Select(text => $"{role} {text}")], destination);

        private static ValueTask Write(string[] items, Memory<float> destination)
        {
            for (int i = 0; i < items.Length; i++)
            {
                Row(items[i]).CopyTo(destination[(4 * i)..]);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Composer(string model) : IComposedEncoder
    {
        private readonly List<string> _seen = [];

        public string Space { get; init; } = "towers";

        public EncoderInfo Info => new(model, 4, isUnitLength: false) { Space = Space };

        public CompositionKind Kind { get; init; }

        public string Of(ReadOnlySpan<float> row)
        {
            float[] values = row.ToArray();
            return _seen.Single(seen => Row(seen).SequenceEqual(values));
        }

        public float[] Row(string what) => Towers.Row(what);

        public ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            Assert.InRange(inputs.Count, 1, 2);
            for (int i = 0; i < inputs.Count; i++)
            {
                string what = $"{role.ToString().ToLowerInvariant()}:{Encoding.UTF8.GetString(inputs[i].Parts[0].Image!.Data.Span)}|{inputs[i].Parts[1].Text}";
                _seen.Add(what);
                Row(what).CopyTo(destination[(4 * i)..]);
            }

            return ValueTask.CompletedTask;
        }
    }
}
