using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tests.Sessions;

/// <summary>Sessions of CIRCLED's format, replayed turn by turn.</summary>
public sealed class GoldenSessionTests
{
    [Theory]
    [InlineData("cirr_val")]
    [InlineData("fashioniq_dress_val")]
    [InlineData("circo_val")]
    public async Task Every_measure_of_every_history_is_the_reference(string subset)
    {
        JsonElement manifest = GoldenJson.Read(RepositoryPaths.Golden("strategies", "circled", "features", subset, "features.json"));
        string images = manifest.Text("gallery_features");
        EvaluationDataset gallery = GoldenWorld.Dataset(images);
        EvaluationFeatures encoded = FeatureFolder.Read(RepositoryPaths.Golden("evaluation", "features", images), gallery);
        SessionDataset dataset = CircledReader.Read(RepositoryPaths.Golden("strategies", "circled"), subset, gallery.Name == "circo" ? [] : gallery.Gallery);
        EmbeddingMatrix texts = GoldenFloats.Matrix(
            RepositoryPaths.Golden("strategies", "circled", "features", subset, manifest.GetProperty("files").Text("text")), (int)manifest.Number("dim"));
        EvaluationFeatures features = new(subset, encoded.GalleryNames, encoded.Images, [], [], texts);
        SessionEvaluator evaluator = new(dataset, features);

        JsonElement expected = GoldenJson.Read(RepositoryPaths.Golden("strategies", "circled", $"expected.{subset}.json"));
        double tolerance = expected.Number("tolerance");
        foreach (JsonElement result in expected.GetProperty("results").EnumerateArray())
        {
            JsonElement setting = result.GetProperty("setting");
            SessionResult measured = await evaluator.EvaluateAsync(
                new SessionEvaluationOptions
                {
                    Strategy = CompositionStrategy.Weighted.WithAlpha(0.6),
                    History = SessionHistory.Parse(setting.Text("query")),
                    ExcludeReferences = setting.Text("exclude") == "references",
                },
                cancellationToken: TestContext.Current.CancellationToken);

            int[][] ranks = [.. result.GetProperty("ranks").EnumerateArray().Select(GoldenJson.Ints)];
            Assert.Equal(ranks.Length, measured.Ranks.Count);
            Assert.All(ranks.Zip(measured.Ranks), pair => Assert.All(pair.First.Zip(pair.Second), rank => Assert.InRange(rank.Second, rank.First - 1, rank.First + 1)));
            Assert.All(result.GetProperty("per_turn").EnumerateArray().Zip(measured.PerTurn), pair => Compare(pair.First, pair.Second, tolerance));
            Assert.All(
                result.GetProperty("per_turn").EnumerateArray().Zip(measured.PerTurn),
                pair => Assert.Equal(((int)pair.First.Number("turn"), (int)pair.First.Number("sessions")), (pair.Second.Turn!.Value, pair.Second.Count)));
            Compare(result.GetProperty("final_turn"), measured.FinalTurn, tolerance);
            Compare(result.GetProperty("all_turns"), measured.AllTurns, tolerance);
            Assert.All(result.GetProperty("hits_at_10_within_turns").Doubles().Zip(measured.HitsWithinTurns), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.Equal(result.Number("auc"), measured.AreaUnderCurve, tolerance);
        }
    }

    private static void Compare(JsonElement expected, SessionRecalls measured, double tolerance)
        => Assert.All(measured.Recalls, recall => Assert.Equal(expected.Number($"R@{recall.Key}"), recall.Value, tolerance));
}
