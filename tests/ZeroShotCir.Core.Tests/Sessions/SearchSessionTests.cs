using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;
using ZeroShotCir.Tests.Retrieval;

namespace ZeroShotCir.Tests.Sessions;

/// <summary>What the turns of a session search for, against sums in double.</summary>
public sealed class SearchSessionTests
{
    private const double Alpha = 0.6;
    private static readonly string[] Texts = ["red", "with longer sleeves", "and darker", "no, blue"];
    private readonly QueryWorld _world = new(80);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("last-turn")]
    [InlineData("mean-of-texts")]
    [InlineData("joined-texts")]
    [InlineData("mean-of-queries")]
    [InlineData("fading")]
    [InlineData("fading:keep=0.7")]
    [InlineData("rocchio")]
    [InlineData("rocchio:text=1,image=0.5,shown=0.1")]
    public async Task Every_turn_searches_for_what_its_history_says(string name)
    {
        SearchSession session = new(Retriever(), new SessionOptions { History = SessionHistory.Parse(name) });
        for (int turn = 0; turn < Texts.Length; turn++)
        {
            SessionTurn taken = await session.AskAsync(Query(turn), 80, Token);
            double[] scores = Scores(Expected(name, turn));
            Assert.Equal(scores.Length, taken.Results.Count);
            Assert.All(taken.Results, result => Assert.Equal(scores[result.Item.Ordinal], result.Score, 2e-6));
            Assert.Same(taken, session.Turns[turn]);
        }
    }

    [Fact]
    public async Task A_turn_that_is_taken_back_leaves_nothing_behind()
    {
        foreach (string name in SessionHistory.Names)
        {
            SearchSession walked = new(Retriever(), new SessionOptions { History = SessionHistory.Parse(name) });
            SearchSession straight = new(Retriever(), new SessionOptions { History = SessionHistory.Parse(name) });
            await walked.AskAsync(Query(0), 5, Token);
            await walked.AskAsync(Query(3), 5, Token);
            Assert.True(walked.Undo());
            SessionTurn after = await walked.AskAsync(Query(1), 80, Token);
            await straight.AskAsync(Query(0), 5, Token);
            SessionTurn expected = await straight.AskAsync(Query(1), 80, Token);
            Assert.Equal(expected.Results.Select(result => (result.Id, result.Score)), after.Results.Select(result => (result.Id, result.Score)));
            Assert.True(walked.Undo() && walked.Undo() && !walked.Undo());
        }
    }

    [Fact]
    public async Task A_turn_that_fails_leaves_the_session_as_it_was()
    {
        SearchSession session = new(Retriever(), new SessionOptions { History = SessionHistory.MeanOfQueries });
        await session.AskAsync(Query(0), 5, Token);
        await Assert.ThrowsAsync<UnknownItemException>(() => session.AskAsync(new ComposedQuery { ReferenceId = "nobody" }, 5, Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.AskAsync(Query(1), 5, new CancellationToken(true)));
        Assert.Single(session.Turns);
    }

    [Fact]
    public async Task References_that_were_seen_are_not_found_again_when_asked_for()
    {
        SearchSession session = new(Retriever(), new SessionOptions { ExcludeReferences = true });
        for (int turn = 0; turn < Texts.Length; turn++)
        {
            SessionTurn taken = await session.AskAsync(Query(turn), 80, Token);
            Assert.Equal(79 - turn, taken.Results.Count);
            Assert.DoesNotContain(taken.Results, result => Enumerable.Range(0, turn + 1).Any(earlier => result.Id == Reference(earlier)));
        }
    }

    [Fact]
    public async Task What_was_liked_and_disliked_is_a_term_of_the_next_turn()
    {
        CompositionStrategy strategy = StrategyTable.Parse("rocchio");
        SearchSession session = new(Retriever());
        await session.AskAsync(Query(0), 5, Token);
        session.Judge(["image-3", "image-4"], []);
        session.Judge(["image-5"], ["image-4"]);
        SessionTurn taken = await session.AskAsync(Query(1) with { Strategy = strategy }, 80, Token);
        RetrievalRanking expected = await Retriever().SearchAsync(
            Query(1) with
            {
                Strategy = strategy,
                Terms =
                [
                    QueryTerm.FromItem("image-3", role: TermRole.Liked),
                    QueryTerm.FromItem("image-5", role: TermRole.Liked),
                    QueryTerm.FromItem("image-4", role: TermRole.Disliked),
                ],
            },
            80,
            Token);
        Assert.Equal(expected.Select(result => (result.Id, result.Score)), taken.Results.Select(result => (result.Id, result.Score)));

        session.Judge(["image-6"], []);
        InvalidQueryException refused = await Assert.ThrowsAsync<InvalidQueryException>(() => session.AskAsync(Query(2), 5, Token));
        Assert.Contains("Liked", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Liked_images_are_pictures_of_the_next_turn_and_nothing_to_push_away_from_in_rocchio()
    {
        SearchSession session = new(Retriever(), new SessionOptions { History = SessionHistory.Rocchio() });
        SessionTurn first = await session.AskAsync(Query(0), 10, Token);
        string liked = first.Results[0].Id;
        session.Judge([liked], []);
        SessionTurn taken = await session.AskAsync(Query(1), 80, Token);

        double[] query = Unit(Text(0));
        double[][] shown = [.. first.Results.Select(result => result.Id).Where(id => id != liked && id != Reference(1)).Select(Row)];
        double[] picture = Sum((0.5, Row(Reference(1))), (0.5, Row(liked)));
        double[] expected = Unit(Sum([(1, query), (0.44, Unit(Text(1))), (0.08, picture), .. shown.Select(row => (-0.29 / shown.Length, row))]));
        double[] scores = Scores(expected);
        Assert.All(taken.Results, result => Assert.Equal(scores[result.Item.Ordinal], result.Score, 2e-6));
    }

    [Fact]
    public async Task What_a_history_cannot_go_on_from_is_refused_in_words()
    {
        ComposedQuery rowwise = Query(0) with { Strategy = StrategyTable.Parse("product") };
        InvalidQueryException refused = await Assert.ThrowsAsync<InvalidQueryException>(() => Session(SessionHistory.MeanOfQueries).AskAsync(rowwise, 5, Token));
        Assert.Contains("'product'", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidQueryException>(() => Session(SessionHistory.Fading()).AskAsync(rowwise, 5, Token));
        await Assert.ThrowsAsync<InvalidQueryException>(() => Session(SessionHistory.Rocchio()).AskAsync(Query(0) with { MustHave = ["buttons"] }, 5, Token));
        await Assert.ThrowsAsync<InvalidQueryException>(() => Session(SessionHistory.JoinedTexts).AskAsync(Query(0) with { Terms = [QueryTerm.FromText("more")] }, 5, Token));
        Assert.NotEmpty((await Session(SessionHistory.MeanOfTexts).AskAsync(rowwise, 5, Token)).Results);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("fading:keep")]
    [InlineData("fading:keep=2")]
    [InlineData("last-turn:keep=0.4")]
    [InlineData("rocchio:text=-1")]
    [InlineData("rocchio:text=0.4,text=0.5")]
    public void A_history_that_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => SessionHistory.Parse(text));

    [Fact]
    public void A_history_reads_its_own_name()
        => Assert.All(SessionHistory.Names, name => Assert.Equal(SessionHistory.Parse(name).Name, SessionHistory.Parse(SessionHistory.Parse(name).Name).Name));

    [Fact]
    public void Nothing_can_be_judged_before_the_first_turn_nor_both_ways_at_once()
    {
        SearchSession session = Session(SessionHistory.LastTurn);
        Assert.Throws<InvalidOperationException>(() => session.Judge(["image-1"], []));
        Assert.False(session.Undo());
    }

    private static string Reference(int turn) => $"image-{(7 * turn) + 2}";

    private static ComposedQuery Query(int turn) => new() { ReferenceId = Reference(turn), Text = Texts[turn] };

    private SearchSession Session(SessionHistory history) => new(Retriever(), new SessionOptions { History = history });

    private ComposedImageRetriever Retriever()
        => new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { Strategy = CompositionStrategy.Weighted.WithAlpha(Alpha), Beta = 0 });

    private double[] Expected(string name, int turn)
    {
        double[][] own = [.. Enumerable.Range(0, turn + 1).Select(k => Mix(Row(Reference(k)), Text(k)))];
        switch (name.Split(':')[0])
        {
            case "last-turn":
                return own[turn];
            case "mean-of-texts":
                return Mix(Row(Reference(turn)), Sum([.. Enumerable.Range(0, turn + 1).Select(k => (1.0, Unit(Text(k))))]));
            case "joined-texts":
                return Mix(Row(Reference(turn)), Array.ConvertAll(_world.Encoder.Text(string.Join(" and ", Texts.Take(turn + 1))), x => (double)x));
            case "mean-of-queries":
                return Unit(Sum([.. own.Select(query => (1.0, query))]));
            case "fading":
                double keep = name.Contains("0.7", StringComparison.Ordinal) ? 0.7 : 0.4;
                return own.Skip(1).Aggregate(own[0], (memory, query) => Unit(Sum((keep, memory), (1, query))));
            default:
                (double text, double image, double away) = name.Contains("text=1", StringComparison.Ordinal) ? (1, 0.5, 0.1) : (0.44, 0.08, 0.29);
                double[] rocchio = Unit(Text(0));
                for (int k = 1; k <= turn; k++)
                {
                    double[] before = Scores(rocchio);
                    IEnumerable<string> best = Enumerable.Range(0, 80).OrderByDescending(n => before[n]).Take(10).Select(n => $"image-{n}");
                    double[][] shown = [.. best.Where(id => id != Reference(k)).Select(Row)];
                    rocchio = Unit(Sum([(1, rocchio), (text, Unit(Text(k))), (image, Row(Reference(k))), .. shown.Select(row => (-away / shown.Length, row))]));
                }

                return rocchio;
        }
    }

    private double[] Text(int turn) => Array.ConvertAll(_world.Encoder.Text(Texts[turn]), x => (double)x);

    private double[] Row(string id)
        => Unit(Array.ConvertAll(_world.Encoder.Image(QueryWorld.Picture(int.Parse(id.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture))), x => (double)x));

    private double[] Scores(double[] query) => [.. Enumerable.Range(0, 80).Select(n => Row($"image-{n}").Zip(query, (a, b) => a * b).Sum())];

    private static double[] Mix(double[] image, double[] text) => Unit(Sum((1 - Alpha, Unit(image)), (Alpha, Unit(text))));

    private static double[] Sum(params (double Weight, double[] Vector)[] terms)
        => [.. Enumerable.Range(0, terms[0].Vector.Length).Select(i => terms.Sum(term => term.Weight * term.Vector[i]))];

    private static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }
}
