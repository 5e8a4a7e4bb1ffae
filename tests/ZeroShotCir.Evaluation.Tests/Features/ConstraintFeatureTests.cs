using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Recipes;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Features;

/// <summary>What a data set of one's own says beside a query's text: what answers have and have not, and other wordings.</summary>
public sealed class ConstraintFeatureTests : IDisposable
{
    private static readonly string[] Words = ["red", "blue", "sleeves", "dots", "long", "short"];
    private readonly TemporaryFolder _folder = new();

    public ConstraintFeatureTests()
    {
        foreach (string name in (string[])["red", "red sleeves", "red dots", "blue sleeves", "blue", "red sleeves dots"])
        {
            _folder.Write(name, "images", $"{name}.jpg");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("soft")]
    [InlineData("soft-reward")]
    [InlineData("soft-penalty")]
    [InlineData("soft-additive")]
    public async Task What_is_measured_is_what_is_searched(string strategy)
    {
        _folder.Write(
            """
            {"reference":"blue.jpg","text":"red","targets":["red sleeves.jpg"],"must_have":["sleeves","long"],"must_not":["dots"]}
            {"reference":"red.jpg","text":"blue","targets":["blue sleeves.jpg"],"must_have":["sleeves"],"must_not":["dots","short"]}
            """, "queries.jsonl");
        EvaluationDataset dataset = QueryFileReader.Read(_folder.Path);
        EvaluationFeatures features = (await EncodeAsync(dataset, DatasetRecipe.DefaultOf("queries"))).Features;
        EvaluationSetting setting = new() { Alpha = 0.6, Beta = 0, Fusion = StrategyTable.Parse(strategy) };
        IReadOnlyList<QueryRanking> measured = new EvaluationRunner(dataset, features).Rank(setting, 5, TestContext.Current.CancellationToken);

        RetrievalOptions options = new() { Strategy = StrategyTable.Parse(strategy).WithAlpha(0.6), Beta = 0 };
        ComposedImageRetriever retriever = new(Gallery.FromEmbeddings(features.GalleryNames, features.Images), null, new Vocabulary(), options);
        foreach ((EvaluationQuery query, QueryRanking ranking) in dataset.Queries.Zip(measured))
        {
            // A user is told where a strategy does not read what is given; a data set says everything to all of them.
            ComposedQuery asked = new()
            {
                ReferenceId = query.Reference,
                Text = query.Captions[0],
                MustHave = setting.Fusion.Accepts(TermRole.MustHave) ? query.MustHave : [],
                MustNot = setting.Fusion.Accepts(TermRole.MustNot) ? query.MustNot : [],
            };
            RetrievalRanking found = await retriever.SearchAsync(asked, 6, TestContext.Current.CancellationToken);
            Assert.Equal(found.Select(hit => hit.Id).Where(id => id != query.Reference), ranking.Hits.Select(hit => features.GalleryNames[hit.Ordinal]));
        }
    }

    [Fact]
    public async Task Constraints_put_the_right_answer_first()
    {
        _folder.Write("""{"reference":"blue.jpg","text":"red","targets":["red sleeves.jpg"],"must_have":["sleeves"],"must_not":["dots"]}""", "queries.jsonl");
        EvaluationDataset dataset = QueryFileReader.Read(_folder.Path);
        EvaluationRunner runner = new(dataset, (await EncodeAsync(dataset, DatasetRecipe.DefaultOf("queries"))).Features);

        Assert.NotEqual(1, Rank("weighted"));
        Assert.Equal(1, Rank("soft"));
        Assert.Equal(1, Rank("soft-additive"));

        int Rank(string strategy)
        {
            EvaluationSetting setting = new() { Alpha = 0.9, Beta = 0, Fusion = StrategyTable.Parse(strategy) };
            return runner.Evaluate(setting, TestContext.Current.CancellationToken).Ranks[0].Target;
        }
    }

    [Theory]
    [InlineData("must_have")]
    [InlineData("must_not")]
    public void A_blank_constraint_is_refused(string field)
    {
        _folder.Write($$"""{"reference":"blue.jpg","text":"red","targets":["red.jpg"],"{{field}}":["dots"," "]}""", "queries.jsonl");

        Assert.Contains(field, Assert.Throws<InvalidDatasetException>(() => QueryFileReader.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rewordings_are_the_mean_of_their_directions()
    {
        _folder.Write("""{"reference":"blue.jpg","text":"red","targets":["red.jpg"],"paraphrases":["long dots",""]}""", "queries.jsonl");
        EvaluationDataset dataset = QueryFileReader.Read(_folder.Path);
        ITextRecipe recipe = DatasetRecipe.Parse("rewordings", "queries");
        EvaluationFeatures features = (await EncodeAsync(dataset, recipe)).Features;

        Assert.Equal("plain with rewordings", recipe.Name);
        Assert.Equal(["red", "long dots"], recipe.Compose(dataset.Queries[0]));
        double[] expected = Unit([.. Unit(Row("red")).Zip(Unit(Row("long dots"))).Select(pair => pair.First + pair.Second)]);
        Assert.All(expected.Zip(Unit([.. features.Texts[0].ToArray().Select(value => (double)value)])), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Contains("paraphrases", Assert.Throws<ArgumentException>(() => DatasetRecipe.Parse("rewordings", "cirr")).Message, StringComparison.Ordinal);
    }

    private static double[] Unit(double[] vector) => [.. vector.Select(value => value / Math.Sqrt(vector.Sum(other => other * other)))];

    private static double[] Row(string text) => [.. Words.Select(word => text.Contains(word, StringComparison.Ordinal) ? 1.0 : 0), 0.25];

    private static Task<EncodedDataset> EncodeAsync(EvaluationDataset dataset, ITextRecipe recipe)
        => new FeatureEncoder(new Vocabulary(), new Vocabulary()).EncodeAsync(dataset, recipe, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A picture or text is the words that it has.</summary>
    private sealed class Vocabulary : IImageEncoder, ITextEncoder
    {
        public EncoderInfo Info { get; } = new("vocabulary", Words.Length + 1, isUnitLength: false);

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
            => EncodeAsync([.. images.Select(image => System.Text.Encoding.UTF8.GetString(image.Data.Span))], destination, cancellationToken);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            texts.SelectMany(text => Row(text).Select(value => (float)value)).ToArray().CopyTo(destination);
            return ValueTask.CompletedTask;
        }
    }
}
