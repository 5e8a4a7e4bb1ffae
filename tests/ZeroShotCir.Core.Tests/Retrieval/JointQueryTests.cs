using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>Queries whose image and text a model reads together.</summary>
public sealed class JointQueryTests
{
    private static readonly CompositionStrategy Joint = StrategyTable.Parse("joint");
    private readonly QueryWorld _world = new(60);
    private readonly FakeComposedEncoder _composed = new(QueryWorld.Dimensions);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_query_is_one_vector_by_the_model_and_captions_count_as_ever()
    {
        ComposedQuery query = new() { Strategy = Joint, Image = Picture(3), Text = "red", Beta = 0.3 };
        IReadOnlyList<RetrievalResult> found = await Retriever().SearchAsync(query, 60, Token);
        float[] vector = _composed.Row(EncodingRole.Query, ComposedPart.FromImage(Picture(3)), ComposedPart.FromText("red"));
        double[] scores = [.. Enumerable.Range(0, 60).Select(n =>
        {
            double image = Cosine(vector, _world.Encoder.Image(QueryWorld.Picture(n)));
            double[] captions = [.. Enumerable.Range(0, n % 4).Select(j => Cosine(vector, _world.Encoder.Text($"caption {j} of {n}")))];
            return captions.Length == 0 ? image : (0.7 * image) + (0.3 * captions.Average());
        })];

        Assert.Equal(Enumerable.Range(0, 60).OrderByDescending(n => scores[n]).Select(n => $"image-{n}"), found.Select(result => result.Id));
        Assert.All(found, result => Assert.Equal(scores[result.Item.Ordinal], result.Score, 1e-5));
        IReadOnlyList<RetrievalResult> weighed = await Retriever().SearchAsync(query with { Strategy = Joint.WithAlpha(0.1) }, 60, Token);
        Assert.Equal(found.Select(result => (result.Id, result.Score)), weighed.Select(result => (result.Id, result.Score)));
    }

    [Fact]
    public async Task A_reference_of_the_gallery_is_read_from_its_picture_and_further_ones_in_their_order()
    {
        ComposedQuery query = new()
        {
            Strategy = Joint,
            ReferenceId = "image-4",
            Text = "red",
            Terms = [QueryTerm.FromItem("image-9"), QueryTerm.FromText(" and long")],
            ExcludeReference = true,
        };
        ComposedPart[] parts = [ComposedPart.FromImage(Picture(4)), ComposedPart.FromImage(Picture(9)), ComposedPart.FromText("red"), ComposedPart.FromText(" and long")];
        float[] vector = _composed.Row(EncodingRole.Query, parts);
        await Compare(query, vector);
        Assert.DoesNotContain(await Retriever().SearchAsync(query, 60, Token), result => result.Id == "image-4");

        // An expression says the order.
        await Compare(
            query with { Terms = [], Expression = CompositionExpression.Parse("text + image") },
            _composed.Row(EncodingRole.Query, ComposedPart.FromText("red"), ComposedPart.FromImage(Picture(4))));
        await Compare(query with { Terms = [], Text = null }, _composed.Row(EncodingRole.Query, ComposedPart.FromImage(Picture(4))));
        await Compare(new ComposedQuery { Strategy = Joint, Text = "red" }, _composed.Row(EncodingRole.Query, ComposedPart.FromText("red")));
        await Compare(new ComposedQuery { Strategy = Joint, Terms = [QueryTerm.FromEmbedding(TermRole.Composed, vector)] }, vector);
    }

    [Fact]
    public async Task A_batch_asks_the_model_once_and_finds_what_each_query_finds_alone()
    {
        ComposedQuery[] queries = [.. Enumerable.Range(0, 20).Select(
            i => new ComposedQuery { Strategy = i % 3 == 0 ? CompositionStrategy.Weighted : Joint, ReferenceId = $"image-{i}", Text = $"text {i}" })];
        ComposedImageRetriever retriever = Retriever();
        IReadOnlyList<RetrievalRanking> together = await retriever.SearchAsync(queries, 10, Token);

        Assert.Equal([13], _composed.Calls);
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.Equal((await retriever.SearchAsync(queries[i], 10, Token)).Select(result => (result.Id, result.Score)), together[i].Select(result => (result.Id, result.Score)));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_together_is_refused_in_words()
    {
        ComposedQuery query = new() { Strategy = Joint, ReferenceId = "image-4", Text = "red" };
        await Refused("a weight of -0.5 means nothing", Retriever(), query with { Terms = [QueryTerm.FromText("blue", -0.5)] });
        await Refused("not their embeddings", Retriever(), query with { ReferenceId = null, ImageEmbedding = new float[] { 1, 2 } });
        await Refused("has none", Retriever(), query with { ReferenceId = "image-50" });
        await Refused("without a source of pictures", new ComposedImageRetriever(_world.Gallery, null, null, composedEncoder: _composed), query);
        await Refused("IComposedEncoder", new ComposedImageRetriever(_world.Gallery, _world.Encoder, _world.Encoder, images: new Pictures()), query);
        await Refused("which the strategy 'joint' does not read", Retriever(), query with { TargetDescriptions = ["a red one"] });
        await Assert.ThrowsAsync<UnknownItemException>(() => Retriever().SearchAsync(query with { ReferenceId = "nobody" }, 10, Token));
        Assert.Empty(_composed.Calls);
    }

    [Fact]
    public void A_model_whose_rows_are_of_another_space_is_refused()
    {
        Gallery gallery = Gallery.FromEmbeddings(["a"], EmbeddingMatrix.FromRows([[1, 2]]), model: new GalleryModel("fake", "fake", 2));

        InvalidGalleryException refusal = Assert.Throws<InvalidGalleryException>(
            () => new ComposedImageRetriever(gallery, null, null, composedEncoder: new FakeComposedEncoder(2, "other")));
        Assert.Contains("composed encoder 'fake'", refusal.Message, StringComparison.Ordinal);
        _ = new ComposedImageRetriever(gallery, null, null, composedEncoder: new FakeComposedEncoder(2));
        _ = new ComposedImageRetriever(gallery, null, null, composedEncoder: TwoTowerComposedEncoder.Sum(new Galleries.FakeEncoder(2), new Galleries.FakeEncoder(2)));
    }

    [Fact]
    public async Task Two_towers_and_a_weight_are_the_weighted_sum_to_the_bit()
    {
        TwoTowerComposedEncoder towers = TwoTowerComposedEncoder.Weighted(_world.Encoder, _world.Encoder, 0.3);
        ComposedImageRetriever retriever = new(_world.Gallery, _world.Encoder, _world.Encoder, images: new Pictures(), composedEncoder: towers);
        ComposedQuery query = new() { Strategy = Joint, Image = Picture(3), Text = "red", Terms = [QueryTerm.FromImage(Picture(8))] };
        IReadOnlyList<RetrievalResult> joint = await retriever.SearchAsync(query, 60, Token);
        IReadOnlyList<RetrievalResult> weighted = await retriever.SearchAsync(query with { Strategy = CompositionStrategy.Weighted.WithAlpha(0.3) }, 60, Token);

        Assert.Equal(CompositionKind.Separate, towers.Kind);
        Assert.Equal(weighted.Select(result => result.Id), joint.Select(result => result.Id));
        Assert.All(joint.Zip(weighted), pair => Assert.Equal(pair.Second.Score, pair.First.Score, 2e-7f));
    }

    [Fact]
    public async Task A_sum_adds_what_the_towers_write_and_several_images_count_as_one()
    {
        TwoTowerComposedEncoder towers = TwoTowerComposedEncoder.Sum(_world.Encoder, _world.Encoder);
        float[] image = _world.Encoder.Image(QueryWorld.Picture(3)), other = _world.Encoder.Image(QueryWorld.Picture(8)), text = _world.Encoder.Text("red");
        ComposedInput[] inputs = [new("red", Picture(3)), new("red", Picture(3), Picture(8)), new(ComposedPart.FromImage(Picture(8))), new("red")];
        float[] rows = new float[inputs.Length * QueryWorld.Dimensions];
        await towers.EncodeAsync(inputs, EncodingRole.Query, rows, Token);

        Assert.Equal(CompositionKind.Averaged, towers.Kind);
        Near([.. image.Zip(text).Select(pair => pair.First + pair.Second)], 0);
        Near([.. Enumerable.Range(0, image.Length).Select(i => ((image[i] + other[i]) / 2) + text[i])], 1);
        Near(other, 2);
        Near(text, 3);
        InvalidImageException e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await new FailingTowers().Towers.EncodeAsync([new("a"), new("a", Picture(1), Picture(2))], EncodingRole.Query, new float[4], Token));
        Assert.Equal(1, e.Index);
        Assert.NotEqual(towers.Info.ModelId, TwoTowerComposedEncoder.Weighted(_world.Encoder, _world.Encoder).Info.ModelId);
        Assert.Equal(_world.Encoder.Info.ModelId, towers.Info.Space);

        void Near(float[] expected, int row)
            => Assert.InRange(1 - Cosine(expected, rows[(row * expected.Length)..((row + 1) * expected.Length)]), -1e-6, 1e-6);
    }

    private static ImageData Picture(int item) => ImageData.FromBytes(QueryWorld.Picture(item));

    private static double Cosine(float[] x, float[] y) => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(x, y);

    private ComposedImageRetriever Retriever() => new(_world.Gallery, _world.Encoder, _world.Encoder, images: new Pictures(), composedEncoder: _composed);

    private async Task Compare(ComposedQuery query, float[] vector)
    {
        float[] composed = (await Retriever().ComposeAsync(query, Token)).Vectors[0].ToArray();
        Assert.InRange(1 - Cosine(vector, composed), -1e-6, 1e-6);
    }

    private async Task Refused(string words, ComposedImageRetriever retriever, ComposedQuery query)
        => Assert.Contains(words, (await Assert.ThrowsAsync<InvalidQueryException>(() => retriever.SearchAsync(query, 10, Token))).Message, StringComparison.Ordinal);

    private sealed class Pictures : IImageSource
    {
        public ValueTask<ImageData?> GetImageAsync(string id, CancellationToken cancellationToken = default)
            => new(int.Parse(id[6..], System.Globalization.CultureInfo.InvariantCulture) is var item && item == 50 ? null : Picture(item));
    }

    /// <summary>Says of the second image that it is bad.</summary>
    private sealed class FailingTowers : IImageEncoder
    {
        public EncoderInfo Info { get; } = new("fake", 2, isUnitLength: true);

        public TwoTowerComposedEncoder Towers => TwoTowerComposedEncoder.Weighted(this, new Galleries.FakeEncoder(2));

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
            => throw new InvalidImageException("bad") { Index = 1 };
    }
}
