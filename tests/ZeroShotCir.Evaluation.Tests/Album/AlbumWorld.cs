using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;

namespace ZeroShotCir.Tests;

/// <summary>The album with its stored image embeddings, its captions and descriptions, and the text graph that encodes every sentence.</summary>
internal sealed class AlbumWorld
{
    private readonly JsonElement _queries;
    private readonly JsonElement _descriptions;
    private readonly Dictionary<string, float[]> _texts = new(StringComparer.Ordinal);
    private readonly string[] _names;
    private readonly EmbeddingMatrix[] _captions;

    private AlbumWorld(
        JsonElement queries, JsonElement descriptions, string[] names, EmbeddingMatrix images, string[][] captions, IReadOnlyList<string> sentences, EmbeddingMatrix encoded)
    {
        _queries = queries;
        _descriptions = descriptions;
        _names = names;
        Images = images;
        for (int i = 0; i < sentences.Count; i++)
        {
            _texts.Add(sentences[i], encoded[i].ToArray());
        }

        _captions = [.. Enumerable.Range(0, 3).Select(j => EmbeddingMatrix.FromRows([.. captions.Select(of => Text(of[j]))]))];
    }

    /// <summary>The pictures of the gallery; row = ordinal.</summary>
    public EmbeddingMatrix Images { get; }

    public static async Task<AlbumWorld> OpenAsync(CancellationToken cancellationToken)
    {
        string folder = Path.Combine(RepositoryPaths.TinyFashion, "album");
        int gallery = GoldenJson.Read(Path.Combine(folder, "expected.json")).GetProperty("about").GetProperty("gallery").GetInt32();
        string[] names = [.. GoldenJson.Read(Path.Combine(folder, "names.json")).Strings().Take(gallery)];
        float[] values = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(Path.Combine(folder, "embeddings.f32"), cancellationToken)).ToArray();
        JsonElement queries = GoldenJson.Read(Path.Combine(folder, "queries.json"));
        JsonElement descriptions = GoldenJson.Read(Path.Combine(folder, "descriptions.json"));
        JsonElement captions = GoldenJson.Read(Path.Combine(folder, "captions.json"));
        string[][] ofNames = [.. names.Select(name => captions.GetProperty(name).Strings())];
        HashSet<string> sentences = [.. ofNames.SelectMany(of => of), .. descriptions.EnumerateObject().SelectMany(of => of.Value.Strings())];
        foreach (JsonElement query in queries.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Array).SelectMany(kind => kind.Value.EnumerateArray()))
        {
            sentences.UnionWith(SentencesOf(query));
        }

        string[] distinct = [.. sentences];
        using OnnxTextEncoder encoder = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip")).CreateTextEncoder();
        EmbeddingMatrix encoded = await encoder.EncodeAsync(distinct, cancellationToken);
        return new AlbumWorld(queries, descriptions, names, EmbeddingMatrix.Wrap(values.AsMemory(0, gallery * encoded.Dimensions), encoded.Dimensions), ofNames, distinct, encoded);
    }

    public JsonElement[] Queries(string kind) => [.. _queries.GetProperty(kind).EnumerateArray()];

    public float[] Text(string sentence) => _texts[sentence];

    public float[] Image(int ordinal) => Images[ordinal].ToArray();

    public float[] FirstCaption(int ordinal) => _captions[0][ordinal].ToArray();

    public float[][] Descriptions(JsonElement query) => [.. _descriptions.GetProperty(query.Text("id")).Strings().Select(Text)];

    public static string Joined(JsonElement session) => string.Join(" and ", session.GetProperty("turns").EnumerateArray().Select(turn => turn.Text("text")));

    /// <summary>Evaluates queries, each by an image, a text and further terms, one of which may stand for nothing.</summary>
    public EvaluationRunner Runner(IReadOnlyList<int> references, IReadOnlyList<float[]> texts, IReadOnlyList<TermSet>? terms = null)
    {
        EvaluationQuery[] queries = [.. references.Select((reference, i) => new EvaluationQuery($"{i}", _names[reference], ["x"]) { Target = _names[0] })];
        EvaluationDataset dataset = new("album", "all", [.. _names.Select(name => new GalleryImage(name, name))], queries);
        return new EvaluationRunner(dataset, new EvaluationFeatures("album", _names, Images, _captions, [], EmbeddingMatrix.FromRows([.. texts])) { Terms = terms });
    }

    /// <summary>Every item's score for every query.</summary>
    public float[][] Score(EvaluationRunner runner, string strategy, double alpha, double beta = 0) => Score(runner, StrategyTable.Parse(strategy), alpha, beta);

    public float[][] Score(EvaluationRunner runner, CompositionStrategy strategy, double alpha, double beta = 0)
    {
        EvaluationSetting setting = new() { Fusion = strategy, Alpha = alpha, Beta = beta, MissingCaptions = MissingCaptions.ImageOnly };
        return [.. runner.Rank(setting, _names.Length, TestContext.Current.CancellationToken).Select(ranking =>
        {
            float[] scores = new float[_names.Length];
            foreach (Similarity.SearchHit hit in ranking.Hits)
            {
                scores[hit.Ordinal] = hit.Score;
            }

            return scores;
        })];
    }

    public TermSet Terms() => new(Images.Dimensions);

    private static IEnumerable<string> SentencesOf(JsonElement query)
    {
        foreach (string name in (string[])["text", "paraphrases", "must_have", "must_not"])
        {
            if (query.TryGetProperty(name, out JsonElement said))
            {
                foreach (string sentence in said.ValueKind == JsonValueKind.String ? [said.GetString()!] : said.Strings())
                {
                    yield return sentence;
                }
            }
        }

        if (query.TryGetProperty("turns", out JsonElement turns))
        {
            foreach (JsonElement turn in turns.EnumerateArray())
            {
                yield return turn.Text("text");
            }

            yield return Joined(query);
        }
    }
}
