using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Answers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Http;
using static ZeroShotCir.Tests.ServiceWorld;

namespace ZeroShotCir.Tests;

/// <summary>Every service's protocol, on a loopback server that speaks it truthfully and not.</summary>
public sealed class HttpEmbeddingTests : IDisposable
{
    private static readonly string[] All = [.. EmbeddingService.All.Select(service => service.Name)];
    private readonly ServiceWorld _world = new();

    public static TheoryData<string> Services => [.. All];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Services))]
    public async Task What_is_open_does_not_follow_its_options(string service)
    {
        await using LoopbackServer server = new(request => EmbeddingServer.Answer(service, request));
        HttpEmbeddingOptions options = new() { Dimensions = 24, Price = new EmbeddingPrice { PerMillionTokens = 10 } };
        HttpEmbeddingModel model = _world.Open(service, server, options);
        options.Price = null;
        await model.CreateTextEncoder().EncodeAsync("red", Token);

        Assert.NotNull(model.Usage.Cost);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_gets_its_documented_request_and_gives_rows_of_unit_length(string service)
    {
        int requests = 0;
        await using LoopbackServer server = new(request =>
        {
            Interlocked.Increment(ref requests);
            return EmbeddingServer.Answer(service, request);
        });
        HttpEmbeddingOptions options = new() { Dimensions = 24, BatchSize = 1000, Price = new EmbeddingPrice { PerMillionTokens = 10 } };
        HttpEmbeddingModel model = _world.Open(service, server, options);
        ImageData[] images = [.. Enumerable.Range(0, 7).Select(Picture)];
        EmbeddingMatrix imageRows = await model.CreateImageEncoder().EncodeAsync(images, Token);
        string[] texts = [.. Enumerable.Range(0, 130).Select(i => $"text {i % 120}")];
        EmbeddingMatrix textRows = await model.CreateTextEncoder().EncodeAsync(texts, Token);
        EmbeddingMatrix captionRows = await model.CreateTextEncoder(EncodingRole.Document).EncodeAsync(texts, Token);
        IComposedEncoder composed = model.CreateComposedEncoder();
        float[] query = await composed.EncodeAsync(new ComposedInput("is red", images[0]), EncodingRole.Query, Token);
        float[] turned = await composed.EncodeAsync(new ComposedInput(ComposedPart.FromText("is red"), ComposedPart.FromImage(images[0])), EncodingRole.Query, Token);

        for (int i = 0; i < images.Length; i++)
        {
            Near(Expected(service, EncodingRole.Document, images[i], null), imageRows[i]);
        }

        for (int i = 0; i < texts.Length; i++)
        {
            Near(Expected(service, EncodingRole.Query, null, texts[i]), textRows[i]);
            Near(Expected(service, EncodingRole.Document, null, texts[i]), captionRows[i]);
        }

        Assert.Equal(service == "jina" ? CompositionKind.Separate : CompositionKind.Joint, composed.Kind);
        if (service == "jina")
        {
            float[] image = Unit(Expected(service, EncodingRole.Query, images[0], null)), text = Unit(Expected(service, EncodingRole.Query, null, "is red"));
            Near([.. image.Zip(text).Select(pair => (0.2f * pair.First) + (0.8f * pair.Second))], query);
            Near(query, turned);
        }
        else
        {
            Near(Expected(service, EncodingRole.Query, images[0], "is red"), query);
            Near(Expected(service, EncodingRole.Query, images[0], "is red", textFirst: true), turned);
        }

        // Rows of one space: a gallery of documents is searched by queries of the model.
        GalleryModel gallery = GalleryModel.FromEncoders(model.CreateImageEncoder(), model.CreateTextEncoder(EncodingRole.Document));
        gallery.ThrowIfOther(model.CreateImageEncoder(EncodingRole.Query).Info, model.CreateTextEncoder().Info, composed.Info);
        EmbeddingUsage usage = model.Usage;
        Assert.Equal(requests, usage.Requests);
        Assert.Equal(0, usage.FailedRequests);
        Assert.Equal(7 + 120 + 120 + (service == "jina" ? 4 : 2), usage.Inputs);
        Assert.Equal(service != "gemini", usage.Tokens > 0);
        Assert.Equal(usage.Tokens * 10m / 1_000_000m, usage.Cost);
        Assert.DoesNotContain(EmbeddingServer.Key, model.ModelId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_says_service_and_model_and_what_is_missing_is_said()
    {
        Assert.Equal("cohere:embed-v4.0", HttpEmbeddingModel.Open("cohere:embed-v4.0", _world.Http).ModelId);
        Assert.Equal("cohere:embed-v4.0@256", HttpEmbeddingModel.Open("cohere:embed-v4.0", _world.Http, new HttpEmbeddingOptions { Dimensions = 256 }).ModelId);
        Assert.Equal(1024, HttpEmbeddingModel.Open("voyage:voyage-multimodal-3.5", _world.Http).Dimensions);
        Assert.NotEqual(
            HttpEmbeddingModel.Open("dashscope:qwen3-vl-embedding", _world.Http).ModelId,
            HttpEmbeddingModel.Open("dashscope:qwen3-vl-embedding", _world.Http, new HttpEmbeddingOptions { Instruction = "find the dress" }).ModelId);
        Assert.True(HttpEmbeddingModel.IsName("vllm:Qwen/Qwen3-VL-Embedding-2B"));
        Assert.False(HttpEmbeddingModel.IsName("models/clip"));
        Refused("SERVICE:MODEL", "voyage");
        Refused("known are cohere", "openai:clip");
        Refused("Dimensions", "vllm:Qwen/Qwen3-VL-Embedding-2B");
        Refused("takes no instruction", "cohere:embed-v4.0", new HttpEmbeddingOptions { Instruction = "x" });
        Assert.Throws<ArgumentException>(() => new HttpEmbeddingOptions { Key = "a\nb" });
        Assert.Throws<ArgumentException>(() => new HttpEmbeddingOptions { Endpoint = new Uri("ftp://x") });

        void Refused(string words, string name, HttpEmbeddingOptions? options = null)
            => Assert.Contains(words, Assert.Throws<ArgumentException>(() => HttpEmbeddingModel.Open(name, _world.Http, options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("Retry-After", "3", 3)]
    [InlineData(null, null, -1)]
    [InlineData("details", "17s", 17)]
    public async Task What_may_pass_is_tried_again_when_the_server_says(string? header, string? value, double seconds)
    {
        int requests = 0;
        await using LoopbackServer server = new(request =>
        {
            if (Interlocked.Increment(ref requests) > 2)
            {
                return EmbeddingServer.Answer("gemini", request);
            }

            string body = header == "details"
                ? $$"""{"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED", "details": [{"retryDelay": "{{value}}"}]} }"""
                : "<html>busy</html>";
            LoopbackResponse busy = LoopbackResponse.Text(requests == 1 ? 429 : 503, body);
            if (header is not null and not "details")
            {
                busy.Headers[header] = value!;
            }

            return busy;
        });
        HttpEmbeddingModel model = _world.Open("gemini", server, new HttpEmbeddingOptions { Dimensions = 24 });
        Near(Expected("gemini", EncodingRole.Query, null, "red"), await model.CreateTextEncoder().EncodeAsync("red", Token));

        Assert.Equal((3, 2), (model.Usage.Requests, model.Usage.FailedRequests));
        TimeSpan[] waits = [.. _world.Clock.Waits];
        Assert.Equal(2, waits.Length);
        Assert.All(waits, wait => Assert.True(seconds < 0 ? wait > TimeSpan.Zero && wait <= TimeSpan.FromSeconds(2) : wait == TimeSpan.FromSeconds(seconds), $"{wait}"));
    }

    [Theory]
    [InlineData(401, """{"error": {"message": "no such key sk-very-secret-0123456789"} }""", "Check the key", true)]
    [InlineData(402, """{"message": "no credit"}""", "Check the credit", true)]
    [InlineData(404, """{"detail": "no such model"}""", "no such model. Check the model's name", true)]
    [InlineData(503, "<html>down</html>", "a web page instead of JSON", false)]
    [InlineData(200, """{"error": "overloaded"}""", "overloaded", false)]
    [InlineData(200, """{"error": {"code": 401, "message": "bad key"} }""", "bad key", true)]
    [InlineData(200, """{"data": []}""", "it has 0 embeddings for 1 inputs", true)]
    [InlineData(200, """{"data": [{"index": 0, "embedding": [1, 2]}]}""", "2 components, expected 24", true)]
    [InlineData(200, """{"data": [{"index": 7, "embedding": [1, 2]}]}""", "has the index 7", true)]
    [InlineData(200, """{"data": [{"index": 0, "embedding": ["1"]}]}""", "no finite number", true)]
    [InlineData(200, """{"data": [{"index": 0, "embedding": "AAAA"}]}""", "no array of numbers", true)]
    [InlineData(200, """{"rows": []}""", "has no 'data'", true)]
    [InlineData(200, "not json", "cannot be used", true)]
    public async Task Anything_else_is_a_typed_error_in_words_without_the_key(int status, string body, string words, bool isFinal)
    {
        int requests = 0;
        await using LoopbackServer server = new(_ =>
        {
            requests++;
            return LoopbackResponse.Text(status, body, "application/json");
        });
        HttpEmbeddingModel model = _world.Open("voyage", server, new HttpEmbeddingOptions { Dimensions = 24, MaxRetries = 2 });
        EmbeddingServiceException e = await Assert.ThrowsAsync<EmbeddingServiceException>(async () => await model.CreateTextEncoder().EncodeAsync("red", Token));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", e.ToString(), StringComparison.Ordinal);
        Assert.Equal(isFinal, e.IsFinal);
        Assert.Equal(isFinal ? 1 : 3, requests);
    }

    [Fact]
    public async Task An_endless_answer_an_unreachable_server_and_a_vector_without_direction_are_refused()
    {
        await using LoopbackServer endless = new(_ => LoopbackResponse.Json($$"""{"data": "{{new string('x', 2 << 20)}}"}"""));
        EmbeddingServiceException tooLong = await Assert.ThrowsAsync<EmbeddingServiceException>(
            async () => await _world.Open("voyage", endless).CreateTextEncoder().EncodeAsync("red", Token));
        Assert.Contains("bytes", tooLong.Message, StringComparison.Ordinal);
        await using LoopbackServer zeros = new(_ => LoopbackResponse.Json($$"""{"data": [{"index": 0, "embedding": [{{string.Join(',', new int[24])}}]}]}"""));
        await Assert.ThrowsAsync<InvalidEmbeddingException>(async () => await _world.Open("voyage", zeros).CreateTextEncoder().EncodeAsync("red", Token));
        LoopbackServer gone = new(_ => LoopbackResponse.Json("{}"));
        await gone.DisposeAsync();
        EmbeddingServiceException e = await Assert.ThrowsAsync<EmbeddingServiceException>(
            async () => await _world.Open("voyage", gone).CreateTextEncoder().EncodeAsync("red", Token));
        Assert.Contains("cannot be reached", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsFinal);
    }

    [Fact]
    public async Task What_a_service_does_not_take_is_refused_before_it_is_paid_for()
    {
        await using LoopbackServer server = new(_ => throw new InvalidOperationException("nothing should come"));
        IImageEncoder images = _world.Open("gemini", server).CreateImageEncoder();
        InvalidImageException format = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await images.EncodeAsync([Picture(1), ImageData.FromBytes("GIF89a......"u8.ToArray(), "a.gif")], new float[48], Token));
        Assert.Contains("a.gif is GIF; gemini takes PNG, JPEG", format.Message, StringComparison.Ordinal);
        Assert.Equal(1, format.Index);
        ImageData huge = ImageData.FromBytes((byte[])[.. Picture(1).Data.ToArray(), .. new byte[6 << 20]], "huge.png");
        InvalidImageException large = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await _world.Open("cohere", server).CreateImageEncoder().EncodeAsync(huge, Token));
        Assert.Contains("5,242,880", large.Message, StringComparison.Ordinal);
        InvalidComposedInputException many = await Assert.ThrowsAsync<InvalidComposedInputException>(
            async () => await _world.Open("gemini", server).CreateComposedEncoder()
                .EncodeAsync(new ComposedInput("all", [.. Enumerable.Range(0, 7).Select(Picture)]), EncodingRole.Query, Token));
        Assert.Contains("7 images; gemini takes 6", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_twice_and_whatever_changes_a_row_asks_again()
    {
        await using LoopbackServer server = new(request => EmbeddingServer.Answer("voyage", request));
        using TemporaryFolder folder = new();
        float[] first;
        using (AnswerStore store = AnswerStore.Open(folder.File("rows.jsonl")))
        {
            HttpEmbeddingModel model = _world.Open("voyage", server, new HttpEmbeddingOptions { Dimensions = 24, Store = store });
            first = await model.CreateComposedEncoder().EncodeAsync(new ComposedInput("red", Picture(1)), EncodingRole.Query, Token);
            Assert.Equal((1, 0), (model.Usage.Inputs, model.Usage.Reused));
        }

        using AnswerStore again = AnswerStore.Open(folder.File("rows.jsonl"));
        HttpEmbeddingModel later = _world.Open("voyage", server, new HttpEmbeddingOptions { Dimensions = 24, Store = again });
        Assert.Equal(first, await later.CreateComposedEncoder().EncodeAsync(new ComposedInput("red", Picture(1)), EncodingRole.Query, Token));
        Assert.Equal((0, 1), (later.Usage.Requests, later.Usage.Reused));
        await later.CreateComposedEncoder().EncodeAsync(new ComposedInput("red", Picture(1)), EncodingRole.Document, Token);
        await later.CreateComposedEncoder().EncodeAsync(new ComposedInput("red", Picture(2)), EncodingRole.Query, Token);
        await later.CreateComposedEncoder().EncodeAsync(new ComposedInput(ComposedPart.FromText("red"), ComposedPart.FromImage(Picture(1))), EncodingRole.Query, Token);
        Assert.Equal((3, 1), (later.Usage.Requests, later.Usage.Reused));
        HttpEmbeddingModel shorter = _world.Open("voyage", server, new HttpEmbeddingOptions { Dimensions = 12, Store = again });
        await shorter.CreateComposedEncoder().EncodeAsync(new ComposedInput("red", Picture(1)), EncodingRole.Query, Token);
        Assert.Equal((1, 0), (shorter.Usage.Requests, shorter.Usage.Reused));
        Assert.DoesNotContain("secret", File.ReadAllText(folder.File("rows.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_gives_its_encoders_and_cancelling_stops_it()
    {
        await using LoopbackServer server = new(request => EmbeddingServer.Answer("vllm", request));
        ServiceCollection services = new();
        services.AddZeroShotCir().UseHttpEmbeddings("vllm:Qwen/Qwen3-VL-Embedding-2B", new HttpEmbeddingOptions { Endpoint = server.Address, Dimensions = 24 });
        using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        Near(Expected("vllm", EncodingRole.Query, null, "red"), await provider.GetRequiredService<ITextEncoder>().EncodeAsync("red", Token));
        Assert.Equal(CompositionKind.Joint, provider.GetRequiredService<IComposedEncoder>().Kind);
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.GetRequiredService<ITextEncoder>().EncodeAsync("blue", stop.Token));
    }
}
