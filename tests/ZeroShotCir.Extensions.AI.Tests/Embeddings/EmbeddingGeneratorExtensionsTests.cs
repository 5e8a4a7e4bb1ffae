using Microsoft.Extensions.AI;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.AI.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Embeddings;

public sealed class EmbeddingGeneratorExtensionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_encoder_gives_the_same_embeddings_as_a_generator_and_back_again()
    {
        LengthEncoder encoder = new();
        string[] texts = ["red", "", "a longer text"];
        ImageData[] images = [new(new byte[] { 1, 2 }, "image/png") { Source = "a.png" }, new(new byte[] { 3 }, "image/jpeg")];

        ITextEncoder text = encoder.AsEmbeddingGeneratorOfTexts().AsTextEncoder();
        IImageEncoder image = encoder.AsEmbeddingGeneratorOfImages().AsImageEncoder();

        Assert.Equal(encoder.Info, text.Info);
        Assert.Equal(encoder.Info, image.Info);
        Assert.Equal(await Rows(encoder, texts), await Rows(text, texts));
        float[] expected = new float[2 * 3], actual = new float[2 * 3];
        await encoder.EncodeAsync(images, expected, Token);
        await image.EncodeAsync(images, actual, Token);
        Assert.Equal(expected, actual);
        Assert.Equal(["a.png", null, "a.png", null], encoder.Sources);
    }

    [Fact]
    public async Task A_generator_names_its_model_and_refuses_another_one()
    {
        LengthEncoder encoder = new();
        using IEmbeddingGenerator<string, Embedding<float>> generator = encoder.AsEmbeddingGeneratorOfTexts();

        EmbeddingGeneratorMetadata metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("length", 3), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(encoder, generator.GetService<ITextEncoder>());
        Assert.Null(generator.GetService<IChatClient>());
        Embedding<float> embedding = Assert.Single(await generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { Dimensions = 3 }, Token));
        Assert.Equal("length", embedding.ModelId);
        await Assert.ThrowsAsync<ArgumentException>("options", () => generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { Dimensions = 2 }, Token));
        await Assert.ThrowsAsync<ArgumentException>("options", () => generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { ModelId = "other" }, Token));
        Assert.Empty(await generator.GenerateAsync([], null, Token));
    }

    [Theory]
    [InlineData(1, 3, 1f, "returned 1 embeddings for 2 inputs")]
    [InlineData(3, 3, 1f, "returned 3 embeddings for 2 inputs")]
    [InlineData(2, 4, 1f, "has 4 dimensions, expected 3")]
    [InlineData(2, 3, float.NaN, "NaN")]
    public async Task What_a_generator_returns_is_looked_at(int count, int dimensions, float value, string expected)
    {
        ITextEncoder encoder = new FixedGenerator(count, dimensions, value).AsTextEncoder(new EncoderInfo("fixed", 3, false));

        InvalidEmbeddingException e = await Assert.ThrowsAsync<InvalidEmbeddingException>(async () => await encoder.EncodeAsync(["a", "b"], new float[6], Token));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("fixed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_without_metadata_needs_a_description()
        => Assert.Throws<ArgumentException>("generator", () => new FixedGenerator(1, 3, 0).AsTextEncoder());

    private static async Task<float[]> Rows(ITextEncoder encoder, string[] texts)
    {
        float[] rows = new float[texts.Length * encoder.Info.Dimensions];
        await encoder.EncodeAsync(texts, rows, Token);
        return rows;
    }

    private sealed class LengthEncoder : ITextEncoder, IImageEncoder
    {
        public EncoderInfo Info { get; } = new("length", 3, isUnitLength: false);

        public List<string?> Sources { get; } = [];

        public IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGeneratorOfTexts() => ((ITextEncoder)this).AsEmbeddingGenerator();

        public IEmbeddingGenerator<DataContent, Embedding<float>> AsEmbeddingGeneratorOfImages() => ((IImageEncoder)this).AsEmbeddingGenerator();

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. texts.Select(text => text.Length)], destination.Span);

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            Sources.AddRange(images.Select(image => image.Source));
            return Write([.. images.Select(image => image.Data.Length + image.MediaType.Length)], destination.Span);
        }

        private static ValueTask Write(int[] lengths, Span<float> destination)
        {
            for (int i = 0; i < lengths.Length; i++)
            {
                destination[3 * i] = lengths[i];
                destination[(3 * i) + 1] = 1;
                destination[(3 * i) + 2] = i;
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class FixedGenerator(int count, int dimensions, float value) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
            => Task.FromResult<GeneratedEmbeddings<Embedding<float>>>(
                [.. Enumerable.Range(0, count).Select(_ => new Embedding<float>(Enumerable.Repeat(value, dimensions).ToArray()))]);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
