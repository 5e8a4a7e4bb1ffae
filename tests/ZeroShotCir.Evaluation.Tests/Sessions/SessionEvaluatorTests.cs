using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tests.Sessions;

/// <summary>What is measured of sessions whose ranks are known: texts alone are the queries, and images lie on an arc.</summary>
public sealed class SessionEvaluatorTests
{
    private const int Images = 120;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Measures_follow_from_the_ranks()
    {
        SessionResult result = await Evaluator(new(7, 5, 7), new(7, 7), new(11, 7, 0, 10)).EvaluateAsync(Options(), cancellationToken: Token);
        Assert.Equal([[4, 1], [1], [8, 12, 2]], result.Ranks);
        Assert.Equal([3, 2, 1], result.PerTurn.Select(turn => turn.Count));
        Assert.Equal([1, 2, 3], result.PerTurn.Select(turn => turn.Turn!.Value));
        Assert.Equal(100.0 / 3, result.PerTurn[0].Recalls[1], 1e-9);
        Assert.Equal(200.0 / 3, result.PerTurn[0].Recalls[5], 1e-9);
        Assert.Equal(50, result.PerTurn[1].Recalls[10], 1e-9);
        Assert.Equal(200.0 / 3, result.FinalTurn.Recalls[1], 1e-9);
        Assert.Equal(500.0 / 6, result.AllTurns.Recalls[10], 1e-9);
        Assert.Equal([100, 100, 100], result.HitsWithinTurns);
        Assert.Equal(100, result.AreaUnderCurve);
    }

    [Fact]
    public async Task A_success_counts_from_its_turn_on()
    {
        SessionResult result = await Evaluator(new(30, 0, 30), new(40, 0, 0), new(1, 1)).EvaluateAsync(Options(), cancellationToken: Token);
        Assert.Equal(new[] { 100.0 / 3, 200.0 / 3 }, result.HitsWithinTurns);
        Assert.Equal(50, result.AreaUnderCurve, 1e-9);
    }

    [Fact]
    public async Task A_rank_far_down_is_found_and_an_answer_that_was_seen_is_no_longer_there()
    {
        SessionResult far = await Evaluator(new Made(Images - 1, 0)).EvaluateAsync(Options(), cancellationToken: Token);
        Assert.Equal([[Images]], far.Ranks);

        SessionEvaluationOptions without = Options();
        without.ExcludeReferences = true;
        SessionResult seen = await Evaluator(new(0, 0), new(5, 0)).EvaluateAsync(without, cancellationToken: Token);
        Assert.Equal([[int.MaxValue], [5]], seen.Ranks);
        Assert.Equal([50], seen.HitsWithinTurns);
    }

    [Fact]
    public async Task What_the_features_do_not_hold_is_refused()
    {
        SessionEvaluationOptions joined = Options();
        joined.History = SessionHistory.JoinedTexts;
        await Assert.ThrowsAsync<InvalidQueryException>(() => Evaluator(new Made(7, 5)).EvaluateAsync(joined, cancellationToken: Token));

        SessionEvaluationOptions captions = Options();
        captions.Beta = 0.1;
        await Assert.ThrowsAsync<ArgumentException>(() => Evaluator(new Made(7, 5)).EvaluateAsync(captions, cancellationToken: Token));

        Assert.Contains(
            "2 turns", Assert.Throws<InvalidDatasetException>(() => new SessionEvaluator(Dataset(new Made(7, 5, 6)), Features(new Made(7, 5)))).Message, StringComparison.Ordinal);
    }

    private static SessionEvaluationOptions Options() => new() { Strategy = CompositionStrategy.Weighted.WithAlpha(1) };

    private static SessionEvaluator Evaluator(params Made[] sessions) => new(Dataset(sessions), Features(sessions));

    private static SessionDataset Dataset(params Made[] sessions) => new("made", "up", [], [.. sessions.Select((session, number) => new EvaluationSession(
        $"s{number}", [$"image-{session.Answer}"], [.. session.Texts.Select((_, turn) => new EvaluationTurn($"image-{turn}", "text"))]))]);

    // A text stands a quarter of a step behind an image, so that no two images are equally far from it.
    private static EvaluationFeatures Features(params Made[] sessions) => new(
        "made up",
        [.. Enumerable.Range(0, Images).Select(image => $"image-{image}")],
        EmbeddingMatrix.FromRows([.. Enumerable.Range(0, Images).Select(image => Direction(image))]),
        [],
        [],
        EmbeddingMatrix.FromRows([.. sessions.SelectMany(session => session.Texts).Select(text => Direction(text + 0.25))]));

    private static float[] Direction(double step) => [(float)Math.Cos(step * Math.PI / (2 * Images)), (float)Math.Sin(step * Math.PI / (2 * Images))];

    /// <summary>The image that is the answer, and the images that the turns' texts stand beside: all images lie on an arc.</summary>
    private sealed record Made(int Answer, params int[] Texts);
}
