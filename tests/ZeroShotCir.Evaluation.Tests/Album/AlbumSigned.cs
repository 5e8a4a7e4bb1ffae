using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Tests;

/// <summary>Like these two pictures, not like that one.</summary>
internal sealed class AlbumSigned : AlbumKind
{
    public AlbumSigned(AlbumWorld album)
        : base(album, "signed")
    {
    }

    public override float[][] Score(string strategy, JsonElement setting) => strategy switch
    {
        "first reference only" => Album.Score(Runner(0, []), "weighted", 0),
        "signed sum" => Album.Score(Runner(0, [(1, setting.Number("positive")), (2, -setting.Number("negative"))]), "arithmetic:unit=1,text=0", 0.5),
        "average, 2 avg(pos) - neg" => Album.Score(Runner(0, [(1, 1), (2, -1)]), "arithmetic:text=0", 0.5),
        "best score" => Album.Score(Runner(0, [(1, 1), (2, -1)]), "best-score", 0.5),
        "weakest positive" => Weakest(0),
        "weakest positive minus negative" => Weakest(setting.Number("negative")),
        _ => throw new ArgumentException($"There is no way to ask '{strategy}'.", nameof(strategy)),
    };

    private int Reference(int query, int which) => Queries[query].GetProperty("references")[which][0].GetInt32();

    private EvaluationRunner Runner(int first, (int Which, double Weight)[] others)
    {
        // No text is asked for: it has no weight, and is no better example than the first picture.
        return Album.Runner(
            [.. Queries.Select((_, i) => Reference(i, first))],
            [.. Queries.Select((_, i) => Album.Image(Reference(i, first)))],
            [.. Queries.Select((_, i) => others.Where(other => other.Weight != 0).Aggregate(
                Album.Terms(),
                (terms, other) => terms.Add(TermRole.Image, Album.Image(Reference(i, other.Which)), other.Weight)))]);
    }

    // Not a strategy of the table: the least of two similarities.
    private float[][] Weakest(double negative)
    {
        float[][][] each = [.. Enumerable.Range(0, 3).Select(which => Album.Score(Runner(which, []), "weighted", 0))];
        return [.. each[0].Select((row, query) => row.Select((score, item) => (float)(Math.Min(score, each[1][query][item]) - (negative * each[2][query][item]))).ToArray())];
    }
}
