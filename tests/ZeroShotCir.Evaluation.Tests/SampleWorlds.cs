using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir.Captions;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Tests;

/// <summary>Parts of the repository's own worlds, encoded by their models: a tidy data set, and a person's untidy picture folder.</summary>
internal static class SampleWorlds
{
    private const int Queries = 3;

    /// <summary>FashionIQ's layout with a captioner's captions; what a target looks like is said by its own captions.</summary>
    public static async Task<TheoremWorld> TinyFashionAsync(CancellationToken cancellationToken)
    {
        string root = Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq");
        EvaluationDataset whole = FashionIqReader.Read(root, "dress");
        EvaluationQuery[] queries = [.. whole.Queries.Take(Queries)];
        HashSet<string> asked = [.. queries.SelectMany(query => (string[])[query.Reference, query.Target!])];
        EvaluationDataset dataset = whole with { Queries = queries, Gallery = [.. whole.Gallery.Where((image, i) => i % 4 == 0 || asked.Contains(image.Name))] };
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions = CaptionFile.Read(Path.Combine(root, "gallery_captions.json"));

        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"));
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        EncodedDataset encoded = await new FeatureEncoder(
            images, texts, new FeatureEncoderOptions { Decoder = new SkiaImageDecoder(), ComposedEncoder = TwoTowerComposedEncoder.Sum(images, texts) })
            .EncodeAsync(dataset, TextRecipe.Joined, captions, cancellationToken: cancellationToken);
        TermSet[] terms = new TermSet[Queries];
        for (int i = 0; i < Queries; i++)
        {
            terms[i] = new TermSet(images.Info.Dimensions);
            await AddAsync(terms[i], TermRole.TargetDescription, captions[queries[i].Target!], texts, cancellationToken);
            await AddAsync(terms[i], TermRole.MustHave, [queries[i].Captions[0]], texts, cancellationToken);
            await AddAsync(terms[i], TermRole.MustNot, [captions[queries[i].Reference][0]], texts, cancellationToken);
        }

        EvaluationFeatures features = encoded.Features;
        return new TheoremWorld(
            dataset,
            new EvaluationFeatures(features.Source, features.GalleryNames, features.Images, features.Captions, features.WithoutCaptions, features.Texts)
            {
                CaptionCounts = features.CaptionCounts,
                Terms = terms,
                ComposedQueries = features.ComposedQueries,
            })
        {
            EmptyText = await EmptyTextAsync(texts, cancellationToken),
        };
    }

    /// <summary>Pictures and copies of them, with no captions up to three: descriptions, must-haves, must-nots and signed references together.</summary>
    public static async Task<TheoremWorld> AlbumAsync(CancellationToken cancellationToken)
    {
        string folder = Path.Combine(RepositoryPaths.TinyFashion, "album");
        JsonElement asked = GoldenJson.Read(Path.Combine(folder, "queries.json"));
        JsonElement[] composed = [.. asked.GetProperty("composed").EnumerateArray().Take(Queries)];
        HashSet<int> references = [.. composed.Select(query => query.GetProperty("reference").GetInt32())];
        HashSet<int> used = [.. references, .. composed.SelectMany(query => query.GetProperty("right").EnumerateArray()).Select(ordinal => ordinal.GetInt32())];
        string[] names = Strings(GoldenJson.Read(Path.Combine(folder, "names.json")));
        int[] ordinals = [.. Enumerable.Range(0, names.Length).Where(ordinal => ordinal % 4 == 0 || used.Contains(ordinal))];
        float[] values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "embeddings.f32"))).ToArray();
        float[][] rows = [.. values.Chunk(values.Length / names.Length)];
        using OnnxTextEncoder texts = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip")).CreateTextEncoder();

        // A reference has a caption, so that strategies that read one can be asked under every rule for images without.
        int[] counts = [.. ordinals.Select((ordinal, i) => references.Contains(ordinal) ? 1 + (i % 3) : i % 4)];
        JsonElement captions = GoldenJson.Read(Path.Combine(folder, "captions.json"));
        EmbeddingMatrix[] positions = new EmbeddingMatrix[3];
        for (int j = 0; j < positions.Length; j++)
        {
            positions[j] = await texts.EncodeAsync(
                [.. ordinals.Select((ordinal, i) => counts[i] > j ? captions.GetProperty(names[ordinal])[j].GetString()! : string.Empty)], cancellationToken);
        }

        JsonElement descriptions = GoldenJson.Read(Path.Combine(folder, "descriptions.json"));
        TermSet[] terms = new TermSet[Queries];
        for (int i = 0; i < Queries; i++)
        {
            terms[i] = new TermSet(texts.Info.Dimensions);
            JsonElement constrained = asked.GetProperty("constrained")[i];
            await AddAsync(terms[i], TermRole.TargetDescription, Strings(descriptions.GetProperty(composed[i].Text("id"))), texts, cancellationToken);
            await AddAsync(terms[i], TermRole.MustHave, Strings(constrained.GetProperty("must_have")), texts, cancellationToken);
            await AddAsync(terms[i], TermRole.MustNot, Strings(constrained.GetProperty("must_not")), texts, cancellationToken);
            terms[i].Add(TermRole.Liked, rows[7 * i]).Add(TermRole.Disliked, rows[(7 * i) + 3]).Add(TermRole.Disliked, rows[(7 * i) + 5]);
            foreach (JsonElement reference in i == 0 ? [] : asked.GetProperty("signed")[i].GetProperty("references").EnumerateArray().ToArray())
            {
                terms[i].Add(TermRole.Image, rows[reference[0].GetInt32()], 0.5 * reference[1].GetDouble());
            }
        }

        EvaluationQuery[] queries = [.. composed.Select(query => new EvaluationQuery(query.Text("id"), names[query.GetProperty("reference").GetInt32()], [query.Text("text")])
        {
            Target = names[query.GetProperty("right")[0].GetInt32()],
        })];
        EvaluationDataset dataset = new("cirr", "val", [.. ordinals.Select(ordinal => new GalleryImage(names[ordinal], "x.png"))], queries) { ExcludesReference = true };
        EvaluationFeatures features = new(
            "album",
            [.. ordinals.Select(ordinal => names[ordinal])],
            EmbeddingMatrix.FromRows([.. ordinals.Select(ordinal => rows[ordinal])]),
            positions,
            [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] == 0)],
            await texts.EncodeAsync([.. queries.Select(query => query.Captions[0])], cancellationToken))
        {
            CaptionCounts = counts,
            Terms = terms,
            ComposedQueries = EmbeddingMatrix.FromRows(
                [.. composed.Select(query => Sum(rows[query.GetProperty("reference").GetInt32()], rows[query.GetProperty("right")[0].GetInt32()]))]),
        };
        return new TheoremWorld(dataset, features) { EmptyText = await EmptyTextAsync(texts, cancellationToken) };
    }

    private static float[] Sum(float[] x, float[] y) => [.. x.Zip(y).Select(pair => pair.First + pair.Second)];

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private static async Task<float[]> EmptyTextAsync(OnnxTextEncoder encoder, CancellationToken cancellationToken)
        => (await encoder.EncodeAsync([string.Empty], cancellationToken))[0].ToArray();

    private static async Task AddAsync(TermSet terms, TermRole role, IReadOnlyList<string> texts, OnnxTextEncoder encoder, CancellationToken cancellationToken)
    {
        EmbeddingMatrix rows = await encoder.EncodeAsync(texts, cancellationToken);
        for (int i = 0; i < rows.Rows; i++)
        {
            terms.Add(role, rows[i]);
        }
    }
}
