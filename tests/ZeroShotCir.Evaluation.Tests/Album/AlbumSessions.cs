using System.Text.Json;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Tests;

/// <summary>Two to four turns, each about the picture picked in the turn before.</summary>
internal sealed class AlbumSessions : AlbumKind
{
    private readonly int[][] _references;
    private readonly float[][][] _texts;

    public AlbumSessions(AlbumWorld album)
        : base(album, "sessions")
    {
        _references = [.. Queries.Select(query => query.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("reference").GetInt32()).ToArray())];
        _texts = [.. Queries.Select(query => query.GetProperty("turns").EnumerateArray().Select(turn => album.Text(turn.Text("text"))).ToArray())];
    }

    public override int[] Rows(string? subset)
        => subset is null ? base.Rows(subset) : Where(query => query.GetProperty("change_of_mind").GetBoolean() == (subset == "change of mind"));

    public override float[][] Score(string strategy, JsonElement setting)
    {
        double alpha = setting.TryGetProperty("alpha", out JsonElement given) ? given.GetDouble() : 0;
        return strategy switch
        {
            "last turn" => Ask(alpha, i => _references[i][^1], i => _texts[i][^1]),
            "mean of texts, last picture" => Ask(alpha, i => _references[i][^1], i => Mean(_texts[i])),
            "mean of texts, first picture" => Ask(alpha, i => _references[i][0], i => Mean(_texts[i])),
            "mean of queries" => Ask(1, _ => 0, i => Mean(Each(i, alpha))),
            "fading memory" => Ask(1, _ => 0, i => Each(i, alpha).Aggregate(
                (memory, turn) => Compose("arithmetic:unit=1", 0.5, Album.Terms().Add(TermRole.Text, memory, setting.Number("keep")).Add(TermRole.Text, turn)))),
            "joined sentence, last picture" => Ask(alpha, i => _references[i][^1], i => Album.Text(AlbumWorld.Joined(Queries[i]))),
            "last text only" => Ask(1, _ => 0, i => _texts[i][^1]),
            "last picture only" => Ask(0, i => _references[i][^1], i => _texts[i][^1]),
            "Rocchio" => Ask(1, _ => 0, i => FeedBack(i, setting)),
            "target description, last picture" => Ask(alpha, i => _references[i][^1], i => Mean(Album.Descriptions(Queries[i]))),
            _ => throw new ArgumentException($"There is no way to ask '{strategy}'.", nameof(strategy)),
        };
    }

    private float[][] Ask(double alpha, Func<int, int> reference, Func<int, float[]> text)
        => Album.Score(Album.Runner([.. Queries.Select((_, i) => reference(i))], [.. Queries.Select((_, i) => text(i))]), "weighted", alpha);

    private float[][] Each(int session, double alpha)
        => [.. _texts[session].Zip(_references[session], (text, reference) => Compose("weighted", alpha, Terms(TermRole.Image, Album.Image(reference)).Add(TermRole.Text, text)))];

    // What was shown and not picked is what the query found so far.
    private float[] FeedBack(int session, JsonElement setting)
    {
        string strategy = With("rocchio", ("description", setting.Number("text")), ("like", setting.Number("picture")), ("unlike", -setting.Number("shown")));
        float[] query = _texts[session][0];
        for (int turn = 1; turn < _texts[session].Length; turn++)
        {
            float[] scores = Album.Score(Album.Runner([0], [query]), "weighted", 1)[0];
            IEnumerable<int> shown = Enumerable.Range(0, scores.Length)
                .OrderByDescending(item => scores[item])
                .ThenBy(item => item)
                .Take(10)
                .Where(item => item != _references[session][turn]);
            query = Compose(strategy, 1, Terms(TermRole.Text, query)
                .Add(TermRole.TargetDescription, _texts[session][turn])
                .Add(TermRole.Liked, Album.Image(_references[session][turn]))
                .Add(Terms(TermRole.Disliked, shown.Select(Album.Image))));
        }

        return query;
    }
}
