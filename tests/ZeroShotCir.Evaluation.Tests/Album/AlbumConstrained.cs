using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Tests;

/// <summary>A text or a reference with texts that must and texts that must not be there; what it starts from is evaluated as a text.</summary>
internal sealed class AlbumConstrained : AlbumKind
{
    private readonly float[][] _bases;
    private readonly float[][] _fused;

    public AlbumConstrained(AlbumWorld album)
        : base(album, "constrained", "excluded")
    {
        _bases = [.. Queries.Select(query => ByText(query) ? album.Text(query.Text("text")) : album.Image(query.GetProperty("reference").GetInt32()))];
        _fused = [.. Queries.Select(
            (query, i) => Compose("weighted", ByText(query) ? 0.5 : 0.7, Terms(TermRole.Image, _bases[i]).Add(Terms(TermRole.Text, Said(query, "must_have")))))];
    }

    public override int[] Rows(string? subset) => Where(query => ByText(query) == (subset == "text"));

    public override float[][] Score(string strategy, JsonElement setting)
    {
        double Of(string name) => setting.Number(name);
        return strategy switch
        {
            "base only" => Score(_bases, "weighted"),
            "must-have only" => Sum(_bases, Of("weight"), 0),
            "signed sum" => Sum(_bases, Of("must_have"), Of("must_not")),
            "SoFT soft" => Score(_bases, With("soft", ("lambda", Of("lambda"))), true, true),
            "SoFT reward" => Score(_bases, With("soft-reward", ("lambda", Of("lambda"))), have: true),
            "SoFT penalty" => Score(_bases, With("soft-penalty", ("lambda", Of("lambda"))), not: true),
            "SoFT penalty as published" => Album.Score(
                Runner(_bases, query => Terms(TermRole.MustHave, Said(query, "must_not"))), With("soft-reward", ("lambda", Of("lambda"))), 1),
            "signed sum, weakest must-have and strongest must-not" => Weakest(Of("must_have"), Of("must_not")),
            "base and must-haves fused" => Score(_fused, "weighted"),
            "fused, minus must-not" => Sum(_fused, 0, Of("must_not")),
            "fused, SoFT penalty" => Score(_fused, With("soft-penalty", ("lambda", Of("lambda"))), not: true),
            _ => throw new ArgumentException($"There is no way to ask '{strategy}'.", nameof(strategy)),
        };
    }

    private static bool ByText(JsonElement query) => query.TryGetProperty("text", out _);

    private IEnumerable<float[]> Said(JsonElement query, string name) => query.GetProperty(name).Strings().Select(Album.Text);

    private EvaluationRunner Runner(float[][] starts, Func<JsonElement, TermSet> terms)
        => Album.Runner([.. Queries.Select(_ => 0)], starts, [.. Queries.Select(terms)]);

    private float[][] Score(float[][] starts, string strategy, bool have = false, bool not = false) => Album.Score(
        Runner(starts, query =>
        {
            TermSet terms = Album.Terms();
            terms = have ? terms.Add(Terms(TermRole.MustHave, Said(query, "must_have"))) : terms;
            return not ? terms.Add(Terms(TermRole.MustNot, Said(query, "must_not"))) : terms;
        }),
        strategy,
        1);

    private float[][] Sum(float[][] starts, double have, double not) => Album.Score(
        Album.Runner(
            [.. Queries.Select(_ => 0)],
            starts,
            [.. Queries.Select((query, i) => Terms(TermRole.TargetDescription, starts[i])
                .Add(Terms(TermRole.MustHave, Said(query, "must_have")))
                .Add(Terms(TermRole.MustNot, Said(query, "must_not"))))]),
        With("role-aware", ("global", 1), ("desired", have), ("preserved", 0), ("forbidden", not)),
        1);

    // Not a strategy of the table: each text for itself, so each is asked for alone.
    private float[][] Weakest(double have, double not)
    {
        float[][] scores = Score(_bases, "weighted");
        for (int query = 0; query < Queries.Length; query++)
        {
            float[][] haves = OneByOne(query, "must_have");
            float[][] nots = OneByOne(query, "must_not");
            for (int item = 0; item < scores[query].Length; item++)
            {
                scores[query][item] += (float)((have * haves.Min(row => row[item])) - (not * nots.Max(row => row[item])));
            }
        }

        return scores;
    }

    private float[][] OneByOne(int query, string name)
    {
        float[][] texts = [.. Said(Queries[query], name)];
        return Album.Score(Album.Runner([.. texts.Select(_ => 0)], texts), "weighted", 1);
    }
}
