using System.Text;
using ZeroShotCir.Answers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Http;
using static ZeroShotCir.Tests.ServiceWorld;

namespace ZeroShotCir.Tests;

/// <summary>Images that a service refuses are named, and what was paid for is kept.</summary>
public sealed class RefusedImageTests : IDisposable
{
    private readonly ServiceWorld _world = new();

    public static TheoryData<string> Services => HttpEmbeddingTests.Services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Services))]
    public async Task One_image_that_is_refused_is_named_and_the_others_are_kept(string service)
    {
        byte[] bad = Picture(5).Data.ToArray();
        await using LoopbackServer server = new(request => Encoding.UTF8.GetString(request.Body).Contains(Convert.ToBase64String(bad), StringComparison.Ordinal)
            ? LoopbackResponse.Text(400, """{"error": {"message": "this picture is not allowed", "code": 400} }""")
            : EmbeddingServer.Answer(service, request));
        using TemporaryFolder folder = new();
        using AnswerStore store = AnswerStore.Open(folder.File("rows.jsonl"));
        HttpEmbeddingModel model = _world.Open(service, server, new HttpEmbeddingOptions { Dimensions = 24, Store = store, MaxConcurrency = 1 });
        ImageData[] images = [.. Enumerable.Range(0, 8).Select(Picture)];
        float[] rows = new float[8 * 24];
        IReadOnlyList<InvalidImageException> failures = await model.CreateImageEncoder().EncodeValidAsync(images, rows, Token);

        Assert.Equal([5], failures.Select(failure => failure.Index));
        Assert.Contains("not allowed", failures[0].Message, StringComparison.Ordinal);
        Assert.Equal(7, store.Count);
        for (int i = 0; i < images.Length; i++)
        {
            if (i != 5)
            {
                Near(Expected(service, EncodingRole.Document, images[i], null), rows.AsSpan(i * 24, 24));
            }
        }
    }

    [Fact]
    public async Task What_stands_beside_a_vector_without_direction_is_kept_and_paid_for_once()
    {
        int requests = 0;
        await using LoopbackServer server = new(_ =>
        {
            requests++;
            string[] vectors = [.. Enumerable.Range(0, 3).Select(i => $$"""{"index": {{i}}, "embedding": [{{string.Join(',', Enumerable.Repeat(i == 1 ? 0 : i + 1, 24))}}]}""")];
            return LoopbackResponse.Json($$"""{"data": [{{string.Join(',', vectors)}}]}""");
        });
        using TemporaryFolder folder = new();
        using AnswerStore store = AnswerStore.Open(folder.File("rows.jsonl"));
        HttpEmbeddingModel model = _world.Open("voyage", server, new HttpEmbeddingOptions { Dimensions = 24, Store = store });

        IReadOnlyList<InvalidImageException> failures = await model.CreateImageEncoder().EncodeValidAsync([Picture(0), Picture(1), Picture(2)], new float[3 * 24], Token);

        Assert.Equal([1], failures.Select(failure => failure.Index));
        Assert.Contains("no direction", failures[0].Message, StringComparison.Ordinal);
        Assert.Equal((1, 2), (requests, store.Count));
    }

    [Fact]
    public async Task A_file_that_changed_since_it_was_opened_is_named_and_the_others_are_kept()
    {
        await using LoopbackServer server = new(request => EmbeddingServer.Answer("voyage", request));
        using TemporaryFolder folder = new();
        string path = folder.File("large.png");
        File.WriteAllBytes(path, [.. Picture(1).Data.ToArray(), .. new byte[1 << 20]]); // Files of this size are not held.
        ImageData large = ImageData.OpenFile(path);
        File.AppendAllText(path, "more");
        IImageEncoder encoder = _world.Open("voyage", server, new HttpEmbeddingOptions { Dimensions = 24 }).CreateImageEncoder();
        float[] rows = new float[3 * 24];

        IReadOnlyList<InvalidImageException> failures = await encoder.EncodeValidAsync([Picture(0), large, Picture(2)], rows, Token);

        Assert.Equal([1], failures.Select(failure => failure.Index));
        Assert.Contains("changed", failures[0].Message, StringComparison.Ordinal);
        Near(Expected("voyage", EncodingRole.Document, Picture(2), null), rows.AsSpan(2 * 24, 24));
        InvalidImageException e = await Assert.ThrowsAsync<InvalidImageException>(async () => await encoder.EncodeAsync([Picture(0), large], rows.AsMemory(0, 48), Token));
        Assert.Equal(1, e.Index);
    }

    /// <summary>Whose fault it is decides what a gallery remembers: images that are refused are not asked about again.</summary>
    [Theory]
    [InlineData("gemini", 1, """{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}""")]
    [InlineData("cohere", 4, """{"message": "invalid request: the model is not known"}""")]
    public async Task A_service_that_refuses_everything_alike_refuses_no_image(string service, int images, string body)
    {
        await using LoopbackServer server = new(_ => LoopbackResponse.Text(400, body));
        IImageEncoder encoder = _world.Open(service, server, new HttpEmbeddingOptions { Dimensions = 24 }).CreateImageEncoder();

        EmbeddingServiceException e = await Assert.ThrowsAsync<EmbeddingServiceException>(
            async () => await encoder.EncodeValidAsync([.. Enumerable.Range(0, images).Select(Picture)], new float[images * 24], Token));

        Assert.True(e.IsFinal);
        Assert.Contains("Check the key", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_batch_with_bad_images_each_good_one_is_paid_for_once()
    {
        byte[] bad = Picture(5).Data.ToArray();
        await using LoopbackServer server = new(request => Encoding.UTF8.GetString(request.Body).Contains(Convert.ToBase64String(bad), StringComparison.Ordinal)
            ? LoopbackResponse.Text(400, """{"message": "this picture is not allowed"}""")
            : EmbeddingServer.Answer("cohere", request));
        HttpEmbeddingModel model = _world.Open("cohere", server, new HttpEmbeddingOptions { Dimensions = 24 });
        ImageData text = ImageData.FromBytes("no picture"u8.ToArray(), "a.txt");
        ImageData[] images = [Picture(0), text, Picture(1), Picture(5), Picture(2), Picture(5), Picture(3)];
        float[] rows = new float[images.Length * 24];

        IReadOnlyList<InvalidImageException> failures = await model.CreateImageEncoder().EncodeValidAsync(images, rows, Token);

        Assert.Equal([1, 3, 5], failures.Select(failure => failure.Index));
        Assert.Equal(4, model.Usage.Inputs);
        foreach (int i in (int[])[0, 2, 4, 6])
        {
            Near(Expected("cohere", EncodingRole.Document, images[i], null), rows.AsSpan(i * 24, 24));
        }

        Assert.All(failures, failure => Assert.All(rows.AsSpan(failure.Index!.Value * 24, 24).ToArray(), value => Assert.Equal(0, value)));
    }
}
