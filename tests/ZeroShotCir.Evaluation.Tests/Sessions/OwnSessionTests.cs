using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Sessions;

namespace ZeroShotCir.Tests.Sessions;

/// <summary>Sessions in a data set of one's own: lines that say of which session they are which turn.</summary>
public sealed class OwnSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OwnSessionTests() => _folder.Write("a\nb\nc\nd\n", "gallery.txt");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("queries.jsonl",
        """
        {"session": "s", "turn": 2, "reference": "b", "text": "darker", "targets": ["c", "d"]}
        {"reference": "a", "text": "alone", "targets": ["b"]}
        {"session": "t", "turn": 1, "reference": "c", "text": "shorter", "targets": "a"}
        {"session": "s", "turn": 1, "reference": "a", "text": "in red", "targets": ["d", "c"]}
        """)]
    [InlineData("queries.csv",
        """
        session,turn,reference,text,targets
        s,2,b,darker,c|d
        ,,a,alone,b
        t,1,c,shorter,a
        s,1,a,in red,c|d
        """)]
    public void Turns_stand_in_their_order_and_single_queries_are_left_out(string file, string content)
    {
        // Targets in another order are the same right answers.
        SessionDataset dataset = SessionDataset.FromQueries(Read(file, content));

        Assert.Equal(["s", "t"], dataset.Sessions.Select(session => session.Id));
        Assert.Equal(["in red", "darker"], dataset.Sessions[0].Turns.Select(turn => turn.Caption));
        Assert.Equal(["a", "b"], dataset.Sessions[0].Turns.Select(turn => turn.Reference));
        Assert.Equal(["c", "d"], dataset.Sessions[0].GroundTruths);
        Assert.Equal(["in red", "darker", "shorter"], dataset.Turns.Queries.Select(turn => turn.Captions[0]));
        Assert.Equal([3, 0, 2], dataset.Positions);
    }

    [Theory]
    [InlineData("""{"session": "s", "reference": "a", "text": "x", "targets": ["b"]}""", "without a 'turn'")]
    [InlineData("""{"session": "s", "turn": "first", "reference": "a", "text": "x", "targets": ["b"]}""", "no whole number")]
    [InlineData("""{"session": "s", "turn": 1, "reference": "a", "text": "x", "targets": ["b"], "must_have": ["y"]}""", "must or must not")]
    [InlineData("""{"session": "s", "turn": 1, "reference": "a", "text": "x", "targets": ["b"], "candidates": ["b", "c"]}""", "candidates")]
    [InlineData(
        """
        {"session": "s", "turn": 1, "reference": "a", "text": "x", "targets": ["b"]}
        {"session": "s", "turn": 1, "reference": "c", "text": "y", "targets": ["b"]}
        """, "two lines of turn 1", "id")]
    [InlineData(
        """
        {"session": "s", "turn": 1, "reference": "a", "text": "x", "targets": ["b"]}
        {"session": "s", "turn": 2, "reference": "c", "text": "y", "targets": ["d"]}
        """, "other right answers")]
    [InlineData("""{"reference": "a", "text": "x", "targets": ["b"]}""", "turn of a session")]
    public void What_is_no_session_is_named(string lines, params string[] said)
    {
        _folder.Write(lines, "queries.jsonl");

        InvalidDatasetException refused = Assert.Throws<InvalidDatasetException>(() => SessionDataset.FromQueries(DatasetReader.Read("queries", _folder.Path)[0]));

        Assert.Contains(said, part => refused.Message.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Subsets count alike, however many sessions they have, and a turn over those that have it.</summary>
    [Fact]
    public void The_average_is_the_mean_of_subsets()
    {
        SessionResult one = new([[20, 1]]), other = new([[3], [60], [1]]);
        SessionResult average = SessionResult.Average([one, other]);

        Assert.Equal((100 + (100.0 / 3)) / 2, average.FinalTurn.Recalls[1], 1e-9);
        Assert.Equal((0 + (200.0 / 3)) / 2, average.PerTurn[0].Recalls[5], 1e-9);
        Assert.Equal(100, average.PerTurn[1].Recalls[1], 1e-9);
        Assert.Equal([(0 + (200.0 / 3)) / 2, (100 + (200.0 / 3)) / 2], average.HitsWithinTurns, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal((50 + (200.0 / 3)) / 2, average.AreaUnderCurve, 1e-9);
        Assert.Equal((4, 4), (average.FinalTurn.Count, average.Ranks.Count));
        Assert.Throws<ArgumentException>(() => SessionResult.Average([]));
    }

    private EvaluationDataset Read(string file, string content)
    {
        _folder.Write(content, file);
        return DatasetReader.Read("queries", _folder.Path)[0];
    }
}
