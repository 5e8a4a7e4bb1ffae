using System.Text;
using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Galleries;

namespace ZeroShotCir.Tests.Retrieval;

public sealed class ComposedImageRetrieverTests
{
    private const int Dimensions = 8;
    private readonly FakeEncoder _encoder = new(Dimensions);

    [Fact]
    public async Task Both_scorings_rank_the_golden_worlds_by_reference_id()
    {
        int queries = 0;
        foreach (GoldenWorld world in GoldenWorld.Load())
        {
            Gallery gallery = world.Gallery;
            foreach (JsonElement setting in world.Settings)
            {
                ComposedImageRetriever retriever = new(gallery, null, new GivenTexts(world.Texts), new RetrievalOptions
                {
                    Strategy = GoldenWorld.Fusion(setting),
                    Beta = setting.GetProperty("beta").GetDouble(),
                    Scoring = setting.GetProperty("scoring").GetString() == "reference" ? Scoring.PublishedCode : Scoring.Paper,
                    CaptionsPerItem = world.CaptionsPerItem,
                });
                ComposedQuery[] batch = [.. world.References.Select((reference, q) => new ComposedQuery
                {
                    ReferenceId = gallery.IdOf(reference),
                    Text = q.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ExcludeReference = true,
                })];
                IReadOnlyList<IReadOnlyList<RetrievalResult>> results = await retriever.SearchAsync(batch, world.K, TestContext.Current.CancellationToken);
                for (int q = 0; q < batch.Length; q++, queries++)
                {
                    Assert.Equal(
                        setting.GetProperty("top_without_reference")[q].EnumerateArray().Select(e => e.GetInt32()),
                        results[q].Select(result => result.Item.Ordinal));
                    Assert.Equal(Enumerable.Range(1, results[q].Count), results[q].Select(result => result.Rank));
                }
            }
        }

        Assert.Equal(166, queries);
    }

    [Fact]
    public async Task Reference_image_by_id_by_image_and_by_embedding_find_the_same()
    {
        (Gallery gallery, byte[][] files) = World(30);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder);
        float[] embedding = _encoder.Image(files[4]);

        string[] byId = await Ids(retriever, new ComposedQuery { ReferenceId = "image-4", Text = "red" });
        string[] byImage = await Ids(retriever, new ComposedQuery { Image = ImageData.FromBytes(files[4]), Text = "red" });
        string[] byEmbedding = await Ids(retriever, new ComposedQuery { ImageEmbedding = embedding, Text = "red" });

        Assert.Equal(10, byId.Length);
        Assert.Equal(byId, byImage);
        Assert.Equal(byId, byEmbedding);
    }

    [Fact]
    public async Task Either_half_alone_is_searched_for()
    {
        (Gallery gallery, byte[][] files) = World(30);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder, new RetrievalOptions { Beta = 0 });

        Assert.Equal("image-7", (await Ids(retriever, new ComposedQuery { Image = ImageData.FromBytes(files[7]) }))[0]);
        Assert.Equal("image-7", (await Ids(retriever, new ComposedQuery { ReferenceId = "image-7", Text = "  " }))[0]);
        string[] byText = await Ids(retriever, new ComposedQuery { Text = "green" });
        float[] text = _encoder.Text("green");
        Assert.Equal(files.Select((file, i) => (Id: $"image-{i}", Score: Cosine(text, _encoder.Image(file))))
            .OrderByDescending(item => item.Score).Take(10).Select(item => item.Id), byText);
    }

    [Fact]
    public async Task Every_search_is_the_brute_force_of_the_formula()
    {
        (Gallery gallery, byte[][] files) = World(40);
        foreach (double beta in (double[])[0, 0.1, 0.5, 1])
        {
            ComposedImageRetriever retriever = new(gallery, _encoder, _encoder);
            IReadOnlyList<RetrievalResult> results = await retriever.SearchAsync(
                new ComposedQuery { ReferenceId = "image-3", Text = "blue", Strategy = CompositionStrategy.Weighted.WithAlpha(0.6), Beta = beta }, 40,
                TestContext.Current.CancellationToken);
            float[] query = ((LinearStrategy)CompositionStrategy.Weighted.WithAlpha(0.6))
                .Compose(new TermSet(Dimensions).Add(TermRole.Image, _encoder.Image(files[3])).Add(TermRole.Text, _encoder.Text("blue")));
            (string Id, double Score)[] expected = [.. files.Select((file, i) =>
            {
                double image = Cosine(query, _encoder.Image(file));
                double[] captions = [.. gallery.ItemAt(i).Captions.Select(caption => Cosine(query, _encoder.Text(caption)))];
                return ($"image-{i}", captions.Length == 0 ? image : ((1 - beta) * image) + (beta * captions.Average()));
            }).OrderByDescending(item => item.Item2)];
            Assert.Equal(expected.Select(item => item.Id), results.Select(result => result.Id));
            Assert.All(results, result => Assert.Equal(expected[result.Rank - 1].Score, result.Score, 1e-5));
        }
    }

    [Fact]
    public async Task Excluded_ids_and_the_reference_are_not_found()
    {
        (Gallery gallery, _) = World(12);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder);
        string[] found = await Ids(retriever, new ComposedQuery { ReferenceId = "image-5", Text = "x", ExcludeReference = true, ExcludedIds = ["image-1", "image-5"] }, 100);
        Assert.Equal(10, found.Length);
        Assert.DoesNotContain("image-5", found);
        Assert.DoesNotContain("image-1", found);
    }

    [Fact]
    public async Task Only_allowed_images_are_found()
    {
        (Gallery gallery, _) = World(70);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder);
        GallerySelection selection = gallery.Select(ordinal => ordinal % 9 == 2);
        Assert.Equal(8, selection.Count);
        string[] found = await Ids(retriever, new ComposedQuery { Text = "x", Selection = selection, ExcludedIds = ["image-11"] }, 100);
        Assert.Equal(Enumerable.Range(0, 70).Where(i => i % 9 == 2 && i != 11).Select(i => $"image-{i}").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        GallerySelection other = World(70).Gallery.Select(_ => true);
        await Assert.ThrowsAsync<ArgumentException>(() => retriever.SearchAsync(new ComposedQuery { Text = "x", Selection = other }, 3, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Queries_that_cannot_be_searched_are_refused()
    {
        (Gallery gallery, byte[][] files) = World(5);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder);
        await Refuse<InvalidQueryException>(new ComposedQuery(), "neither a reference image nor a text");
        await Refuse<InvalidQueryException>(new ComposedQuery { Text = " " }, "neither");
        await Refuse<InvalidQueryException>(new ComposedQuery { ReferenceId = "image-1", Image = ImageData.FromBytes(files[0]) }, "2 ways");
        await Refuse<InvalidQueryException>(new ComposedQuery { Text = "x", ExcludeReference = true }, "without ReferenceId");
        await Refuse<InvalidQueryException>(new ComposedQuery { Text = "x", MustHave = ["y"] }, "does not read");
        await Refuse<InvalidQueryException>(new ComposedQuery { Text = "x", Strategy = StrategyTable.Parse("target") }, "make the retriever with a describer");
        await Refuse<InvalidQueryException>(
            new ComposedQuery { Image = ImageData.FromBytes(files[0]), TargetDescriptions = ["y"], Strategy = StrategyTable.Parse("pdv") }, "Give ReferenceCaptions");
        await Refuse<InvalidQueryException>(new ComposedQuery { Text = "x", Expression = CompositionExpression.Parse("text - image2") }, "has 0 images");
        await Refuse<InvalidQueryException>(
            new ComposedQuery { ReferenceId = "image-1", Text = "x", Expression = CompositionExpression.Parse("image + dog") }, "Write text into it");
        await Refuse<UnknownItemException>(new ComposedQuery { ReferenceId = "nobody" }, "'nobody'");
        await Refuse<UnknownItemException>(new ComposedQuery { Text = "x", ExcludedIds = ["nobody"] }, "'nobody'");
        await Refuse<InvalidEmbeddingException>(new ComposedQuery { ImageEmbedding = new float[3] }, "3 dimensions");
        await Refuse<InvalidEmbeddingException>(new ComposedQuery { ImageEmbedding = new float[Dimensions] }, "no direction");
        await Refuse<InvalidImageException>(new ComposedQuery { Image = ImageData.FromBytes("bad"u8.ToArray()) }, "not an image");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("k", () => retriever.SearchAsync(new ComposedQuery { Text = "x" }, 0, TestContext.Current.CancellationToken));
        ComposedImageRetriever without = new(gallery, null, null);
        Assert.Contains("without a text encoder", (await Assert.ThrowsAsync<InvalidQueryException>(
            () => without.SearchAsync(new ComposedQuery { Text = "x" }, 1, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidGalleryException>(() => new ComposedImageRetriever(gallery, new FakeEncoder(4), null));

        async Task Refuse<T>(ComposedQuery query, string expected)
            where T : Exception
            => Assert.Contains(
                expected, (await Assert.ThrowsAsync<T>(() => retriever.SearchAsync(query, 3, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_scoring_of_an_image_from_outside_needs_its_captions()
    {
        (Gallery gallery, byte[][] files) = World(9);
        RetrievalOptions options = new() { Scoring = Scoring.PublishedCode, MissingCaptions = MissingCaptions.EmptyText };
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder, options);
        ComposedQuery byId = new() { ReferenceId = "image-5", Text = "x" };
        ComposedQuery outside = new() { Image = ImageData.FromBytes(files[5]), Text = "x", ReferenceCaptions = gallery.ItemAt(5).Captions };

        Assert.Equal(await Ids(retriever, byId), await Ids(retriever, outside));
        await Assert.ThrowsAsync<InvalidQueryException>(() => Ids(retriever, new ComposedQuery { Text = "x" }));
        ComposedImageRetriever strict = new(gallery, _encoder, _encoder, new RetrievalOptions { Scoring = Scoring.PublishedCode, CaptionsPerItem = 1 });
        Assert.Contains("needs captions of the reference image", (await Assert.ThrowsAsync<InvalidQueryException>(
            () => Ids(strict, outside with { ReferenceCaptions = null }))).Message, StringComparison.Ordinal);
        Assert.Equal(9, (await Ids(strict, outside)).Length);
    }

    [Fact]
    public async Task The_empty_text_stands_in_as_captions_are_encoded_and_not_as_queries()
    {
        const double Beta = 0.3;
        QueryWorld world = new(9);
        AsDocument documents = new(world.Encoder);
        RetrievalOptions options = new() { MissingCaptions = MissingCaptions.EmptyText, CaptionEncoder = documents, Beta = Beta };
        ComposedImageRetriever retriever = new(world.Gallery, null, world.Encoder, options);

        RetrievalRanking found = await retriever.SearchAsync(new ComposedQuery { Text = "red" }, 9, TestContext.Current.CancellationToken);
        await retriever.SearchAsync(new ComposedQuery { Text = "blue" }, 9, TestContext.Current.CancellationToken);

        Assert.Equal([""], documents.Asked);
        float[] query = world.Encoder.Text("red"), empty = world.Encoder.Text(AsDocument.Prefix);
        foreach (int item in (int[])[0, 4, 8])
        {
            double expected = ((1 - Beta) * Cosine(query, world.Encoder.Image(QueryWorld.Picture(item)))) + (Beta * Cosine(query, empty));
            Assert.Equal(expected, found.Single(result => result.Id == $"image-{item}").Score, 1e-5);
        }

        options.CaptionEncoder = new FakeEncoder(QueryWorld.Dimensions + 1, "other");
        Assert.Throws<InvalidGalleryException>(() => new ComposedImageRetriever(world.Gallery, null, world.Encoder, options));

        static double Cosine(float[] a, float[] b)
            => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
    }

    [Fact]
    public async Task A_batch_encodes_each_text_once()
    {
        (Gallery gallery, _) = World(5);
        FakeEncoder counting = new(Dimensions);
        ComposedImageRetriever retriever = new(gallery, counting, counting);
        await retriever.SearchAsync([.. Enumerable.Range(0, 20).Select(i => new ComposedQuery { Text = i % 2 == 0 ? "even" : "odd" })], 3, TestContext.Current.CancellationToken);
        Assert.Equal(2, counting.TextsEncoded);
    }

    [Fact]
    public async Task Many_threads_with_many_weights_find_what_one_finds()
    {
        (Gallery gallery, _) = World(50);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder, new RetrievalOptions { MaxIndexes = 2 });
        ComposedQuery[] queries = [.. Enumerable.Range(0, 60).Select(i => new ComposedQuery { ReferenceId = $"image-{i % 50}", Text = $"t{i}", Beta = i % 5 / 5.0 })];
        string[][] alone = new string[queries.Length][];
        for (int i = 0; i < queries.Length; i++)
        {
            alone[i] = await Ids(retriever, queries[i]);
        }

        string[][] together = await Task.WhenAll(queries.Select(query => Task.Run(() => Ids(retriever, query))));
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task An_empty_gallery_finds_nothing()
    {
        ComposedImageRetriever retriever = new(Gallery.FromEmbeddings([], EmbeddingMatrix.Allocate(0, Dimensions, out _)), _encoder, _encoder);
        Assert.Empty(await retriever.SearchAsync(new ComposedQuery { Text = "x" }, 3, TestContext.Current.CancellationToken));
    }

    private static async Task<string[]> Ids(ComposedImageRetriever retriever, ComposedQuery query, int k = 10)
        => [.. (await retriever.SearchAsync(query, k, TestContext.Current.CancellationToken)).Select(result => result.Id)];

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }

    [Fact]
    public async Task Descriptions_of_the_target_stand_in_for_the_text_by_their_mean_direction()
    {
        (Gallery gallery, _) = World(30);
        ComposedImageRetriever retriever = new(gallery, _encoder, _encoder, new RetrievalOptions { Beta = 0, Strategy = StrategyTable.Parse("target") });
        string[] descriptions = ["a red dress", "a long dress", "something else"];
        double[] mean = new double[Dimensions];
        foreach (float[] row in descriptions.Select(_encoder.Text))
        {
            double length = Math.Sqrt(row.Sum(x => (double)x * x));
            for (int i = 0; i < Dimensions; i++)
            {
                mean[i] += row[i] / length;
            }
        }

        IReadOnlyList<RetrievalResult> alone = await retriever.SearchAsync(
            new ComposedQuery { Text = "ignored", TargetDescriptions = descriptions }, 5, TestContext.Current.CancellationToken);
        string[] expected = [.. Enumerable.Range(0, 30).OrderByDescending(n =>
        {
            float[] image = new float[Dimensions];
            gallery.CopyImage(n, image);
            return Cosine(image, [.. mean.Select(x => (float)x)]);
        }).Take(5).Select(n => $"image-{n}")];
        Assert.Equal(expected, alone.Select(result => result.Id));

        // One description is one text, and with a reference it is fused like one.
        Assert.Equal(
            await Ids(retriever, new ComposedQuery { ReferenceId = "image-4", Text = "a red dress", Strategy = CompositionStrategy.Weighted }),
            await Ids(retriever, new ComposedQuery { ReferenceId = "image-4", Text = "ignored", TargetDescriptions = ["a red dress"] }));
        await Assert.ThrowsAsync<InvalidQueryException>(() => Ids(retriever, new ComposedQuery { TargetDescriptions = ["a", " "] }));
    }

    // Item n has n % 4 captions.
    private (Gallery Gallery, byte[][] Files) World(int count)
    {
        byte[][] files = [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes($"picture {i}"))];
        string[][] captions = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, i % 4).Select(j => $"caption {j} of {i}").ToArray())];
        float[][] rows = [.. captions.SelectMany(texts => texts).Select(_encoder.Text)];
        EmbeddingMatrix captionRows = rows.Length == 0 ? EmbeddingMatrix.Allocate(0, Dimensions, out _) : EmbeddingMatrix.FromRows(rows);
        Gallery gallery = Gallery.FromEmbeddings(
            [.. Enumerable.Range(0, count).Select(i => $"image-{i}")],
            EmbeddingMatrix.FromRows([.. files.Select(file => _encoder.Image(file))]),
            CaptionEmbeddings.FromCounts(captionRows, [.. captions.Select(texts => texts.Length)]),
            captions);
        return (gallery, files);
    }

    /// <summary>Returns the golden text embeddings: text "3" is row 3.</summary>
    private sealed class GivenTexts(EmbeddingMatrix rows) : ITextEncoder
    {
        public EncoderInfo Info { get; } = new("given", rows.Dimensions, false);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < texts.Count; i++)
            {
                rows[int.Parse(texts[i], System.Globalization.CultureInfo.InvariantCulture)].CopyTo(destination.Span[(i * rows.Dimensions)..]);
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Encodes texts otherwise than those of queries, as models with prompts do.</summary>
    private sealed class AsDocument(FakeEncoder encoder) : ITextEncoder
    {
        public const string Prefix = "document: ";

        public List<string> Asked { get; } = [];

        public EncoderInfo Info => encoder.Info;

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            Asked.AddRange(texts);
            return encoder.EncodeAsync([.. texts.Select(text => Prefix + text)], destination, cancellationToken);
        }
    }
}
