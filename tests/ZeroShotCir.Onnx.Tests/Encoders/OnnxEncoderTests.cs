using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Encoders;

public sealed class OnnxEncoderTests : IDisposable
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 40).Select(i => $"is {(i % 2 == 0 ? "blue" : "red")} with {i} buttons")];
    private readonly TemporaryFolder _folder = new();
    private readonly OnnxModelFolder _model = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_built_in_model_writes_what_its_trainers_wrote()
    {
        string data = Path.Combine(RepositoryPaths.TinyFashion, "data");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "expected.json")));
        using OnnxImageEncoder images = _model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = _model.CreateTextEncoder();
        double worst = 0;
        int count = 0;
        JsonElement embeddings = expected.RootElement.GetProperty("embeddings");
        foreach (JsonElement image in embeddings.GetProperty("images").EnumerateArray())
        {
            Check(image, await images.EncodeAsync(ImageData.FromFile(Path.Combine(data, image.GetProperty("file").GetString()!)), TestContext.Current.CancellationToken));
        }

        foreach (JsonElement text in embeddings.GetProperty("texts").EnumerateArray())
        {
            string sentence = text.GetProperty("text").GetString()!;
            TokenizedText ids = _model.Tokenize(sentence);
            Assert.Equal(text.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32()), ids.Ids.Take(ids.Tokens));
            Check(text, await texts.EncodeAsync(sentence, TestContext.Current.CancellationToken));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{count} embeddings within {worst:e1}.");
        Assert.Equal(10, count);
        Assert.InRange(worst, 0, 1e-4);

        void Check(JsonElement item, float[] actual)
        {
            float[] first = [.. item.GetProperty("first_8").EnumerateArray().Select(value => value.GetSingle())];
            worst = first.Zip(actual, (e, a) => (double)Math.Abs(e - a)).Append(Math.Abs(item.GetProperty("norm").GetDouble() - UnitVector.Length(actual))).Append(worst).Max();
            count++;
        }
    }

    [Fact]
    public async Task Concurrent_callers_get_the_bits_of_a_single_one()
    {
        using OnnxImageEncoder images = _model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = _model.CreateTextEncoder();
        ImageData[] pictures = Pictures(40);
        EmbeddingMatrix expectedImages = await images.EncodeAsync(pictures, TestContext.Current.CancellationToken);
        EmbeddingMatrix expectedTexts = await texts.EncodeAsync(Texts, TestContext.Current.CancellationToken);

        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (_, token) =>
        {
            Assert.Equal(expectedImages.Values.ToArray(), (await images.EncodeAsync(pictures, token)).Values.ToArray());
            Assert.Equal(expectedTexts.Values.ToArray(), (await texts.EncodeAsync(Texts, token)).Values.ToArray());
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task The_batch_size_does_not_change_an_embedding(int batchSize)
    {
        OnnxModelFolder other = OnnxModelFolder.Open(_model.Path, new OnnxModelOptions { BatchSize = batchSize });
        using OnnxImageEncoder images = _model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxImageEncoder otherImages = other.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = _model.CreateTextEncoder();
        using OnnxTextEncoder otherTexts = other.CreateTextEncoder();
        CancellationToken token = TestContext.Current.CancellationToken;

        double ofImages = Difference(await images.EncodeAsync(Pictures(40), token), await otherImages.EncodeAsync(Pictures(40), token));
        double ofTexts = Difference(await texts.EncodeAsync(Texts, token), await otherTexts.EncodeAsync(Texts, token));

        TestContext.Current.TestOutputHelper!.WriteLine($"Batches of {batchSize}: images differ by {ofImages:e1}, texts by {ofTexts:e1}.");
        Assert.Equal(0, Math.Max(ofImages, ofTexts));
    }

    [Fact]
    public async Task Of_several_bad_images_the_first_is_told_by_position_and_source()
    {
        using OnnxImageEncoder images = _model.CreateImageEncoder(new SkiaImageDecoder());
        ImageData[] pictures = Pictures(40);
        pictures[33] = new ImageData(new byte[] { 1, 2, 3 }, "image/png") { Source = "last.png" };
        pictures[21] = new ImageData(new byte[] { 1, 2, 3 }, "image/png") { Source = "first.png" };
        pictures[22] = new ImageData(new byte[] { 1, 2, 3 }, "image/png");

        InvalidImageException error = await Assert.ThrowsAsync<InvalidImageException>(async () => await images.EncodeAsync(pictures, TestContext.Current.CancellationToken));
        Assert.Equal(21, error.Index);
        Assert.Contains("first.png", error.Message, StringComparison.Ordinal);

        float[] rows = new float[40 * 128];
        IReadOnlyList<InvalidImageException> failures = await images.EncodeValidAsync(pictures, rows, TestContext.Current.CancellationToken);
        Assert.Equal([21, 22, 33], failures.Select(failure => failure.Index!.Value));
        Assert.All(new[] { 21, 22, 33 }, bad => Assert.All(rows[(bad * 128)..((bad + 1) * 128)], value => Assert.Equal(0, value)));
        Assert.Equal(await images.EncodeAsync(pictures[39], TestContext.Current.CancellationToken), rows[(39 * 128)..]);
    }

    [Fact]
    public async Task Bad_images_are_results_beside_good_rows_and_nothing_is_decoded_twice()
    {
        CountingDecoder decoder = new(new SkiaImageDecoder());
        using OnnxImageEncoder images = _model.CreateImageEncoder(decoder);
        ImageData[] pictures = Pictures(100);
        HashSet<int> bad = [0, 1, 17, 31, 32, 33, 64, 98, 99];
        foreach (int i in bad)
        {
            pictures[i] = new ImageData(new byte[] { 1, 2, 3 }, "image/png");
        }

        float[] rows = new float[100 * 128];
        IReadOnlyList<InvalidImageException> failures = await images.EncodeValidAsync(pictures, rows, TestContext.Current.CancellationToken);

        Assert.Equal(bad.Order(), failures.Select(failure => failure.Index!.Value));
        Assert.Equal(100, decoder.Calls);
        int[] good = [.. Enumerable.Range(0, 100).Where(i => !bad.Contains(i))];
        EmbeddingMatrix expected = await images.EncodeAsync([.. good.Select(i => pictures[i])], TestContext.Current.CancellationToken);
        for (int row = 0; row < good.Length; row++)
        {
            Assert.Equal(expected[row].ToArray(), rows[(good[row] * 128)..((good[row] + 1) * 128)]);
        }

        // Nothing but bad ones: the graph has nothing to do.
        Assert.Equal(3, (await images.EncodeValidAsync([.. pictures.Take(2), pictures[17]], new float[3 * 128], TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Disposal_waits_for_the_batch_in_flight_and_ends_the_call()
    {
        for (int round = 0; round < 5; round++)
        {
            OnnxImageEncoder images = _model.CreateImageEncoder(new SkiaImageDecoder());
            ImageData[] pictures = Pictures(400);
            Task call = Task.Run(async () => await images.EncodeAsync(pictures), TestContext.Current.CancellationToken);
            await Task.Delay(10 * round, TestContext.Current.CancellationToken);
            images.Dispose();
            images.Dispose();

            try
            {
                await call;
            }
            catch (ObjectDisposedException)
            {
            }

            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await images.EncodeAsync(pictures[0], TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Cancellation_ends_a_call_and_leaves_the_encoder_usable()
    {
        using OnnxImageEncoder images = _model.CreateImageEncoder(new SkiaImageDecoder());
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(30));
        ImageData[] pictures = Pictures(4000);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await images.EncodeAsync(pictures, cancellation.Token));
        Assert.Equal(128, (await images.EncodeAsync(pictures[0], TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_number_that_is_not_finite_is_refused_with_its_text()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
        new OnnxGraph().Input("input_ids", TensorElementType.Int64, "batch", "length").Output("text_embeds", TensorElementType.Float, "batch", 2)
            .Weights("table", [16, 2], Enumerable.Repeat(float.NaN, 32).ToArray()).Integers("axis", 1)
            .Node("Gather", ["table", "input_ids"], "rows").Node("ReduceSum", ["rows", "axis"], "text_embeds", ("keepdims", 0L)).Save(_folder.File("text_model.onnx"));
        using OnnxTextEncoder texts = OnnxModelFolder.Open(_folder.Path).CreateTextEncoder();

        InvalidEmbeddingException error = await Assert.ThrowsAsync<InvalidEmbeddingException>(
            async () => await texts.EncodeAsync(["a", "b"], TestContext.Current.CancellationToken));
        Assert.Contains("text 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_encoders_of_a_joint_graph_share_it_and_may_be_disposed_in_any_order()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Joint("image_embeds", "text_embeds", "attention_mask").Save(_folder.File("model.onnx"));
        OnnxModelFolder model = OnnxModelFolder.Open(_folder.Path);
        OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        OnnxTextEncoder texts = model.CreateTextEncoder();

        images.Dispose();
        float[] embedding = await texts.EncodeAsync("a", TestContext.Current.CancellationToken);
        texts.Dispose();

        Assert.Equal(TinyModel.Dimensions, embedding.Length);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await texts.EncodeAsync("a", TestContext.Current.CancellationToken));
        using OnnxTextEncoder again = model.CreateTextEncoder();
        Assert.Equal(embedding, await again.EncodeAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_identity_follows_weights_and_precision_and_nothing_else()
    {
        string copy = _folder.File("copy");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.EnumerateFiles(_model.Path, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(_model.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        string same = OnnxModelFolder.Open(copy).ModelId;
        string graph = Path.Combine(copy, "onnx", "text_model.onnx");
        byte[] bytes = await File.ReadAllBytesAsync(graph, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(graph, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(_model.ModelId, same);
        Assert.StartsWith("clip-fp32-", same, StringComparison.Ordinal);
        Assert.NotEqual(same, OnnxModelFolder.Open(copy).ModelId);
    }

    [Fact]
    public async Task The_container_hands_out_one_encoder_each_and_disposes_them()
    {
        ServiceCollection services = new();
        services.AddZeroShotCir().UseSkiaDecoder().UseOnnxModel(_model.Path);
        ServiceProvider provider = services.BuildServiceProvider();
        IImageEncoder images = provider.GetRequiredService<IImageEncoder>();

        Assert.Same(images, provider.GetRequiredService<IImageEncoder>());
        Assert.Equal(images.Info with { Reading = null }, provider.GetRequiredService<ITextEncoder>().Info);
        provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await images.EncodeAsync(Pictures(1), new float[128], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Options_refuse_values_that_mean_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxModelOptions { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxModelOptions { BatchSize = 5000 });
        Assert.Throws<ArgumentNullException>(() => new OnnxModelOptions { Execution = null! });
        Assert.Throws<ArgumentNullException>(() => new OnnxModelOptions { DecodeOptions = null! });
        Assert.Contains("q4f16", Assert.Throws<ArgumentException>(() => ModelPrecision.Parse("q3")).Message, StringComparison.Ordinal);
    }

    private static ImageData[] Pictures(int count)
    {
        string folder = Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images");
        ImageData[] some = [.. Directory.EnumerateFiles(folder).Order().Take(40).Select(file => ImageData.FromFile(file))];
        return [.. Enumerable.Range(0, count).Select(i => some[i % some.Length])];
    }

    private static double Difference(EmbeddingMatrix a, EmbeddingMatrix b)
    {
        double worst = 0;
        for (int i = 0; i < a.Values.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs((double)a.Values[i] - b.Values[i]));
        }

        return worst;
    }

    private sealed class CountingDecoder(IImageDecoder inner) : IImageDecoder
    {
        private int _calls;

        public string Name => inner.Name;

        public int Calls => _calls;

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
        {
            Interlocked.Increment(ref _calls);
            return inner.Decode(encoded, options);
        }
    }
}
