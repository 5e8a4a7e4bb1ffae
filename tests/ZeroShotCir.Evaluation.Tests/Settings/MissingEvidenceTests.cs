using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Errors;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tests.Settings;

/// <summary>What a query lacks is an error that says how to get it, unless something is allowed to stand in.</summary>
public sealed class MissingEvidenceTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Theory]
    [InlineData("target", "cir compose")]
    [InlineData("pdv", "cir compose")]
    [InlineData("centred", "the gallery's captions")]
    [InlineData("soft-reward", "MustHave")]
    public void It_is_refused_with_a_way_out(string strategy, string expected)
    {
        EvaluationRunner runner = Runner(captions: strategy != "centred");
        EvaluationSetting setting = new() { Fusion = StrategyTable.Parse(strategy), Beta = 0 };
        Exception error = Assert.ThrowsAny<Exception>(() => runner.Evaluate(setting, TestContext.Current.CancellationToken));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.True(error is ArgumentException or ZeroShotCirException);
        if (strategy != "soft-reward")
        {
            Assert.Equal(2, runner.Evaluate(setting with { MissingEvidence = MissingEvidence.StandIn }, TestContext.Current.CancellationToken).Queries);
        }
    }

    [Fact]
    public void A_query_without_direction_is_an_error_that_names_it()
    {
        EvaluationSetting setting = new() { Alpha = 0.5, Beta = 0 };
        InvalidEmbeddingException error = Assert.Throws<InvalidEmbeddingException>(
            () => Runner(captions: true, opposite: true).Evaluate(setting, TestContext.Current.CancellationToken));
        Assert.Contains("Query 1 of the annotation file", error.Message, StringComparison.Ordinal);
        Assert.Contains("no direction", error.Message, StringComparison.Ordinal);
    }

    private static EvaluationRunner Runner(bool captions, bool opposite = false)
    {
        EmbeddingMatrix images = EmbeddingMatrix.FromRows([[1, 0.5f, 0], [0, 1, 0.2f], [0.3f, 0, 1], [1, 1, 1]]);
        EmbeddingMatrix words = EmbeddingMatrix.FromRows([[1, 0, 0.5f], [0.1f, 1, 0], [0.2f, 0.4f, 1], [0.5f, 1, 0.7f]]);
        EmbeddingMatrix texts = EmbeddingMatrix.FromRows([[0, 0, 1], opposite ? [0, -2, -0.4f] : [1, 0, 0]]);
        EvaluationQuery[] asked =
        [
            new EvaluationQuery("0", "a", ["x", "y"]) { Target = "c" },
            new EvaluationQuery("1", "b", ["x", "y"]) { Target = "d" },
        ];
        EvaluationDataset dataset = new("fashioniq", "val", [.. Names.Select(name => new GalleryImage(name, "x.png"))], asked);
        return new EvaluationRunner(dataset, new EvaluationFeatures("test", Names, images, captions ? [words] : [], [], texts));
    }
}
