using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>
/// The album's composed queries as a benchmark: its stored embeddings of pictures, and its sentences by the text graph of its model. Right
/// answers are several to a query, and hard negatives are named.
/// </summary>
internal sealed class AlbumBenchmark
{
    /// <summary>The data set whose protocol measures it.</summary>
    public const string Protocol = "queries";

    private const double Alpha = 0.7;
    private static readonly JsonFormat Format = new("album's file", (message, cause) => new InvalidDataException(message, cause));
    private readonly OnnxModelFolder _model;
    private readonly string[] _names;
    private readonly EmbeddingMatrix _images;
    private readonly JsonField _queries;
    private readonly Dictionary<string, IReadOnlyList<string>> _captions;
    private readonly Dictionary<string, IReadOnlyList<string>> _descriptions;
    private readonly Dictionary<string, float[]> _texts = new(StringComparer.Ordinal);

    private AlbumBenchmark(string folder)
    {
        string album = Path.Combine(folder, "album");
        _model = OnnxModelFolder.Open(Path.Combine(folder, "album-models", "clip"));
        int gallery = JsonFile.Read(Path.Combine(album, "expected.json"), Format)["about"]["gallery"].Int32(least: 1);
        _names = [.. JsonFile.Read(Path.Combine(album, "names.json"), Format).Texts().Take(gallery)];
        _queries = JsonFile.Read(Path.Combine(album, "queries.json"), Format);
        _captions = Lists(Path.Combine(album, "captions.json"));
        _descriptions = Lists(Path.Combine(album, "descriptions.json"));
        int dimensions = _model.Inspect().Dimensions ?? throw new InvalidDataException("The album's model does not say how many components it writes.");
        EmbeddingMatrix all = VectorFile.Read(new FileInfo(Path.Combine(album, "embeddings.f32")), dimensions);
        _images = all.Slice(0, gallery);
    }

    /// <summary>Reads the album and encodes its sentences, each once.</summary>
    /// <param name="folder">The folder that the album was unpacked to.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The queries.</returns>
    public static async Task<AlbumQuestions> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        AlbumBenchmark album = new(folder);
        string[] sentences = [.. album.Sentences().Distinct(StringComparer.Ordinal)];
        using OnnxTextEncoder encoder = album._model.CreateTextEncoder();
        EmbeddingMatrix encoded = await encoder.EncodeAsync(sentences, cancellationToken);
        for (int i = 0; i < sentences.Length; i++)
        {
            album._texts.Add(sentences[i], encoded[i].ToArray());
        }

        AlbumKind[] kinds =
        [
            album.Composed("composed", "a reference and a change", _ => true),
            album.Composed("shortcuts", "shortcut: the text alone is enough", query => query["shortcut"].Text() == "text"),
            album.Composed("shortcuts", "shortcut: the picture alone is enough", query => query["shortcut"].Text() == "image"),
            album.Constrained("a text, and what must and must not be there", byText: true),
            album.Constrained("a reference, and what must and must not be there", byText: false),
            album.Signed(),
            album.LastTurns(),
        ];
        return new AlbumQuestions(kinds, album.Sessions());
    }

    private AlbumKind Composed(string kind, string title, Func<JsonField, bool> predicate)
    {
        JsonField[] queries = [.. _queries[kind].Items().Where(predicate)];
        return Kind(title, queries, query => [query["reference"].Int32()], query => _texts[query["text"].Text()], SaidOf, Alpha, hasDescriptions: true);
    }

    // What a query starts from is both halves: a text as the embedding of a reference that is not in the gallery, a picture as a text.
    private AlbumKind Constrained(string title, bool byText)
    {
        JsonField[] queries = [.. _queries["constrained"].Items().Where(query => (query["text"].OrNull is not null) == byText)];
        return Kind(
            title,
            queries,
            query => byText ? [] : [query["reference"].Int32()],
            query => byText ? _texts[query["text"].Text()] : _images[query["reference"].Int32()].ToArray(),
            query => [.. SaidOf(query), $"must have: {string.Join(", ", query["must_have"].Texts())}", $"must not have: {string.Join(", ", query["must_not"].Texts())}"],
            Alpha,
            hasDescriptions: false,
            query => Add(Add(new TermSet(_images.Dimensions), TermRole.MustHave, query["must_have"].Texts()), TermRole.MustNot, query["must_not"].Texts()));
    }

    // The first liked picture is the image, the second stands in the place of the text.
    private AlbumKind Signed() => Kind(
        "two pictures like it, one unlike it",
        [.. _queries["signed"].Items()],
        query => [.. query["references"].Items().Select(pair => pair.Items().First().Int32())],
        query => _images[Reference(query, 1)].ToArray(),
        _ => ["like the first two, unlike the third"],
        0.5,
        hasDescriptions: false,
        query => new TermSet(_images.Dimensions)
            .Add(TermRole.Liked, _images[Reference(query, 0)])
            .Add(TermRole.Liked, _images[Reference(query, 1)])
            .Add(TermRole.Disliked, _images[Reference(query, 2)]));

    private AlbumSessions Sessions()
    {
        SessionDataset sessions = new("album", "sessions", [.. _names.Select(name => new GalleryImage(name, name))],
        [
            .. _queries["sessions"].Items().Select(query => new EvaluationSession(
                query["id"].Text(),
                [.. query["right"].Items().Select(item => _names[item.Int32(0, _names.Length - 1)])],
                [.. query["turns"].Items().Select(turn => new EvaluationTurn(_names[turn["reference"].Int32(0, _names.Length - 1)], turn["text"].Text()))])),
        ]);
        EmbeddingMatrix texts = EmbeddingMatrix.FromRows([.. sessions.Turns.Queries.Select(turn => _texts[turn.Captions[0]])]);
        return new AlbumSessions(sessions, new EvaluationFeatures(_model.ModelId, _names, _images, [], [], texts), _model, Alpha);
    }

    private AlbumKind LastTurns() => Kind(
        "the last turn of a session",
        [.. _queries["sessions"].Items()],
        query => [.. query["turns"].Items().Reverse().Select(turn => turn["reference"].Int32())],
        query => _texts[query["turns"].Items().Last()["text"].Text()],
        query => [$"before: {string.Join("; ", query["turns"].Items().SkipLast(1).Select(turn => turn["text"].Text()))}"],
        Alpha,
        hasDescriptions: true);

    private static int Reference(JsonField query, int which) => query["references"].Items().ElementAt(which).Items().First().Int32();

    private AlbumKind Kind(
        string title,
        JsonField[] queries,
        Func<JsonField, IReadOnlyList<int>> referencesOf,
        Func<JsonField, float[]> textOf,
        Func<JsonField, IReadOnlyList<string>> detailsOf,
        double alpha,
        bool hasDescriptions,
        Func<JsonField, TermSet>? termsOf = null)
    {
        AlbumQuestion[] questions = [.. queries.Select(query => Question(query, referencesOf(query), detailsOf(query)))];
        float[][] texts = [.. queries.Select(textOf)];
        string[] bare = [.. queries.Where(query => referencesOf(query).Count == 0).Select(query => query["id"].Text())];
        bool isBare = bare.Length > 0;
        EvaluationQuery[] asked = [.. queries.Select((query, i) => new EvaluationQuery(query["id"].Text(), isBare ? bare[i] : questions[i].References[0], [questions[i].Text])
        {
            Target = questions[i].Right.First(),
            GroundTruths = questions[i].Right.Count > 1 ? [.. questions[i].Right] : [],
            Negatives = [.. questions[i].Negatives],
            // Of several references only one is left out by itself.
            Candidates = questions[i].References.Count > 1 ? [.. _names.Except(questions[i].References)] : [],
        })];
        EvaluationDataset dataset = new(Protocol, "album", [.. _names.Select(name => new GalleryImage(name, name))], asked)
        {
            References = [.. bare.Select(name => new GalleryImage(name, name))],
            ExcludesReference = !isBare,
        };
        // A reference that is not in the gallery has no captions, and no strategy is to read some.
        EvaluationFeatures features = new(
            _model.ModelId,
            [.. _names, .. bare],
            isBare ? EmbeddingMatrix.FromRows([.. Enumerable.Range(0, _images.Rows).Select(row => _images[row].ToArray()), .. texts]) : _images,
            isBare ? [] : [.. Enumerable.Range(0, 3).Select(j => EmbeddingMatrix.FromRows([.. _names.Select(name => _texts[_captions[name][j]])]))],
            [],
            EmbeddingMatrix.FromRows(texts))
        {
            TargetDescriptions = hasDescriptions ? EmbeddingMatrix.FromRows([.. queries.Select(query => Mean(_descriptions[query["id"].Text()]))]) : null,
            Terms = termsOf is null ? null : [.. queries.Select(termsOf)],
        };
        EncodingEffort effort = new(0, 0, _texts.Count);
        SourceManifest source = new()
        {
            Model = ModelEncoding.ManifestOf(EncoderSource.FromFolder(_model, () => PictureDecoders.Default), _images.Dimensions, isUnitLength: false),
            Captions = isBare ? null : "captions.json",
            Composition = hasDescriptions ? "descriptions.json" : null,
        };
        return new AlbumKind(
            title,
            _model,
            new PreparedRun([new PreparedCategory(new EvaluationRunner(dataset, features), [], !isBare)], source, effort),
            questions,
            new EvaluationSetting { Alpha = alpha, Beta = 0, MissingCaptions = MissingCaptions.ImageOnly });
    }

    private AlbumQuestion Question(JsonField query, IReadOnlyList<int> references, IReadOnlyList<string> details) => new(
        (query["turns"].OrNull is { } turns ? turns.Items().Last()["text"] : query["text"]).OrNull?.Text() ?? "",
        details,
        [.. references.Select(reference => _names[reference])],
        query["right"].Items().Select(item => _names[item.Int32(0, _names.Length - 1)]).ToHashSet(StringComparer.Ordinal),
        query["hard_negatives"].Members().SelectMany(kind => kind.Items()).Select(item => _names[item.Int32(0, _names.Length - 1)]).ToHashSet(StringComparer.Ordinal));

    private static IReadOnlyList<string> SaidOf(JsonField query)
        => query["paraphrases"].OrNull is { } others ? [$"or: {string.Join("; ", others.Texts())}"] : [];

    private TermSet Add(TermSet terms, TermRole role, IEnumerable<string> texts) => texts.Aggregate(terms, (sum, text) => sum.Add(role, _texts[text]));

    private float[] Mean(IReadOnlyList<string> texts)
    {
        float[] mean = new float[_images.Dimensions];
        MeanDirection.Compute(EmbeddingMatrix.FromRows([.. texts.Select(text => _texts[text])]), mean);
        return mean;
    }

    private IEnumerable<string> Sentences()
    {
        foreach (string text in _names.SelectMany(name => _captions[name]).Concat(_descriptions.Values.SelectMany(texts => texts)))
        {
            yield return text;
        }

        foreach (JsonField query in _queries.Members().Where(kind => kind.Kind == System.Text.Json.JsonValueKind.Array).SelectMany(kind => kind.Items()))
        {
            foreach (JsonField part in (JsonField[])[query, .. query["turns"].OrNull?.Items() ?? []])
            {
                if (part["text"].OrNull is { } text)
                {
                    yield return text.Text();
                }
            }

            foreach (string said in ((string[])["must_have", "must_not"]).SelectMany(name => query[name].OrNull?.Texts() ?? []))
            {
                yield return said;
            }
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Lists(string path)
        => JsonFile.Read(path, Format).Members().ToDictionary(member => member.Name, member => (IReadOnlyList<string>)[.. member.Texts()], StringComparer.Ordinal);
}
