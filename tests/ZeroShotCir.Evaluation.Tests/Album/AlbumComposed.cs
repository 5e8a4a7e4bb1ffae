using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Tests;

/// <summary>A reference and a change.</summary>
internal sealed class AlbumComposed : AlbumKind
{
    private const double Drawn = 0.45;
    private readonly int[] _references;
    private readonly float[][] _texts;
    private readonly EvaluationRunner _one;
    private readonly EvaluationRunner _three;

    public AlbumComposed(AlbumWorld album, string kind)
        : base(album, kind)
    {
        _references = [.. Queries.Select(query => query.GetProperty("reference").GetInt32())];
        _texts = [.. Queries.Select(query => album.Text(query.Text("text")))];
        _one = album.Runner(_references, _texts, [.. Queries.Select(
            (query, i) => Terms(TermRole.TargetDescription, album.Descriptions(query)[0]).Add(TermRole.ReferenceDescription, album.FirstCaption(_references[i])))]);
        _three = album.Runner(_references, _texts, [.. Queries.Select(query => Terms(TermRole.TargetDescription, album.Descriptions(query)))]);
    }

    public override int[] Rows(string? subset) => subset is null ? base.Rows(subset) : Where(query => query.Text("shortcut") == subset);

    public override float[][] Score(string strategy, JsonElement setting)
    {
        double Of(string name) => setting.Number(name);
        EvaluationRunner Samples() => Of("samples") == 1 ? _one : _three;
        return strategy switch
        {
            "image only" => Album.Score(_one, "weighted", 0),
            "text only" => Album.Score(_one, "weighted", 1),
            "weighted sum" => Album.Score(_one, "weighted", Of("alpha")),
            "weighted sum and captions" => Album.Score(_one, "weighted", Of("alpha"), Of("beta")),
            "target description" => Album.Score(Samples(), "target", 1),
            "target description and image" => Album.Score(Samples(), "target", Of("alpha")),
            "transition" => Album.Score(Samples(), "transition", Of("alpha")),
            "transition and image" => Album.Score(
                Album.Runner(_references, [.. Queries.Select((query, i) => Compose(
                    "transition", Drawn, Terms(TermRole.TargetDescription, Album.Descriptions(query)).Add(TermRole.Text, _texts[i])))]),
                "weighted",
                1 - Of("image")),
            "AdaST" => Album.Score(_one, With("adast", ("b", Of("b")), ("lambda", Of("lambda")), ("margin", Of("margin"))), 0.5),
            "WeiCom" => Album.Score(_one, "weicom", Of("lambda")),
            "product" => Album.Score(_one, "product", 0.5),
            _ => throw new ArgumentException($"There is no way to ask '{strategy}'.", nameof(strategy)),
        };
    }
}
