using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;

namespace ZeroShotCir.Tests;

public sealed class BadRequestTests(PhotoServer server) : IClassFixture<PhotoServer>
{
    public static TheoryData<string, int> Searches => new()
    {
        { "", 400 },
        { "{", 400 },
        { "null", 400 },
        { "[]", 400 },
        { "{}", 400 },
        { """{"text":"  "}""", 400 },
        { """{"text":7}""", 400 },
        { """{"text":"red","colour":"red"}""", 400 },
        { """{"text":"red","text":"blue"}""", 400 },
        { """{"text":"red","references":null}""", 400 },
        { """{"text":"red","references":[null]}""", 400 },
        { """{"references":[{}]}""", 400 },
        { """{"references":[{"item":"2019/Trip #2/IMG_3924.jpg","weight":0}]}""", 400 },
        { """{"references":[{"item":"x","picture":"y"}]}""", 400 },
        { """{"references":[{"item":"../../secret.txt"}]}""", 404 },
        { """{"references":[{"picture":"0000"}]}""", 404 },
        { """{"text":"red","exclude":["no such id"]}""", 404 },
        { """{"text":"red","alpha":1.5}""", 400 },
        { """{"text":"red","alpha":"0.5"}""", 400 },
        { """{"text":"red","beta":-0.1}""", 400 },
        { """{"text":"red","beta":1e999}""", 400 },
        { """{"text":"red","count":0}""", 400 },
        { """{"text":"red","count":1000000}""", 400 },
        { """{"text":"red","strategy":"magic"}""", 400 },
        { """{"text":"red","parameters":{"lambda":1}}""", 400 },
        { """{"text":"red","strategy":"soft","parameters":{"lambda":7}}""", 400 },
        { """{"text":"red","strategy":"hadamard"}""", 400 },
        { """{"text":"red","strategy":"weighted","mustNot":["blue"]}""", 400 },
        { """{"text":"red","strategy":"sdr"}""", 400 },
        { """{"text":"red","mustHave":[" "]}""", 400 },
        { """{"text":"red","from":"yesterday"}""", 400 },
        { """{"text":"red","from":"2020-02-01","to":"2020-01-01"}""", 400 },
        { $$"""{"text":"{{new string('x', 1001)}}"}""", 400 },
        { $$"""{"text":"{{new string('x', 100_000)}}"}""", 413 },
        { $$"""{"references":[{{string.Join(',', Enumerable.Repeat("{\"item\":\"2019/Trip #2/IMG_3924.jpg\"}", 9))}}]}""", 400 },
    };

    public static TheoryData<string, int> Addresses => new()
    {
        { "api/items", 400 },
        { "api/items?id=no", 404 },
        { "api/items/picture", 400 },
        { "api/items/picture?id=../../secret.txt", 404 },
        { "api/items/picture?id=%2e%2e%2f%2e%2e%2fsecret.txt", 404 },
        { "api/items/picture?id=/etc/passwd", 404 },
        { "api/items/picture?id=%00", 404 },
        { "api/items/thumbnail?id=2019/Trip%20%232/IMG_3924.jpg&edge=0", 400 },
        { "api/items/thumbnail?id=2019/Trip%20%232/IMG_3924.jpg&edge=99999999999", 400 },
        { "api/items/thumbnail?id=2019/Trip%20%232/IMG_3924.jpg&edge=big", 400 },
        { "api/nothing", 404 },
        { "appsettings.json", 404 },
        { "..%2fappsettings.json", 404 },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_bad_search_is_refused_in_words(string json, int status)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.Client.PostAsync("api/search", content, TestContext.Current.CancellationToken);

        await ShowsProblem(response, status);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_bad_address_is_refused_in_words(string address, int status)
    {
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

        await ShowsProblem(response, status);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/xml", 415)]
    public async Task A_search_of_another_kind_is_refused_in_words(string type, int status)
    {
        using ByteArrayContent content = new("{\"text\":\"red\"}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using HttpResponseMessage response = await server.Client.PostAsync("api/search", content, TestContext.Current.CancellationToken);

        await ShowsProblem(response, status);
    }

    [Fact]
    public async Task A_bad_upload_is_refused_in_words()
    {
        byte[] picture = await File.ReadAllBytesAsync(Path.Combine(server.Photos, "best of", "a copy.jpg"), TestContext.Current.CancellationToken);

        await Upload([], "image/jpeg", 400);
        await Upload(picture, "text/html", 415);
        await Upload("<html></html>"u8.ToArray(), "image/jpeg", 415);
        await Upload("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "image/svg+xml", 415);
        await Upload(picture[..(picture.Length / 2)], "image/jpeg", 400);
        await Upload([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg", 400);
        await Upload([.. "II*\0"u8, .. new byte[200]], "image/tiff", 415);
        await Upload(new byte[200_001], "image/png", 413);
        await Upload(Png(60_000, 60_000), "image/png", 413);
    }

    [Fact]
    public async Task A_body_that_is_longer_than_it_says_nothing_about_is_cut_off()
    {
        using StreamContent content = new(new MemoryStream(new byte[1 << 20]));
        content.Headers.TryAddWithoutValidation("Content-Type", "image/png");
        using HttpRequestMessage request = new(HttpMethod.Post, "api/pictures") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await ShowsProblem(response, 413);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_back()
    {
        await using WebApplication strict = await server.StartAsync(new() { ["ZeroShotCir:Web:RequestsPerSecond"] = "1" });
        using HttpClient client = PhotoServer.ClientOf(strict);
        List<HttpStatusCode> statuses = [];
        for (int i = 0; i < 8; i++)
        {
            using StringContent content = new("{\"text\":\"red\"}", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await client.PostAsync("api/search", content, TestContext.Current.CancellationToken);
            statuses.Add(response.StatusCode);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                await ShowsProblem(response, 429);
                Assert.NotNull(response.Headers.RetryAfter);
            }
        }

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task A_search_that_finds_the_queue_full_is_told_when_to_come_back()
    {
        using OnnxTextEncoder texts = OnnxModelFolder.Open(PhotoServer.Model).CreateTextEncoder();
        HeldTextEncoder held = new(texts);
        await using WebApplication busy = await server.StartAsync(
            new() { ["ZeroShotCir:Batching:QueueLimit"] = "1" }, services => services.AddSingleton<ITextEncoder>(held));
        using HttpClient client = PhotoServer.ClientOf(busy);
        held.Hold();
        Task<HttpResponseMessage> Search(string text) => client.PostAsJsonAsync("api/search", new { text }, TestContext.Current.CancellationToken);

        List<Task<HttpResponseMessage>> accepted = [Search("red")];
        await held.Begun.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        List<Task<HttpResponseMessage>> others = [Search("green"), Search("blue"), Search("white")];
        for (int refused = 0; refused < 2; refused++)
        {
            Task<HttpResponseMessage> answered = await Task.WhenAny(others).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            others.Remove(answered);
            using HttpResponseMessage response = await answered;
            await ShowsProblem(response, 429);
            Assert.NotNull(response.Headers.RetryAfter);
        }

        held.Release();
        foreach (Task<HttpResponseMessage> search in accepted.Concat(others))
        {
            using HttpResponseMessage response = await search;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task Upload(byte[] bytes, string type, int status)
    {
        using ByteArrayContent content = new(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using HttpResponseMessage response = await server.Client.PostAsync("api/pictures", content, TestContext.Current.CancellationToken);

        await ShowsProblem(response, status);
    }

    private async Task ShowsProblem(HttpResponseMessage response, int status)
    {
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"expected {status}, got {(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        foreach (string place in new[] { Path.GetTempPath(), server.Photos, RepositoryPaths.Root, "   at ", "Exception" })
        {
            Assert.DoesNotContain(place, body, StringComparison.Ordinal);
        }
    }

    // The header says how large the picture is; decoding must not believe it before it has looked at the limit.
    private static byte[] Png(int width, int height)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        using MemoryStream data = new();
        using (ZLibStream zip = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(new byte[1000]);
        }

        return [0x89, .. "PNG\r\n"u8, 0x1A, .. "\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] length = new byte[4], sum = new byte[4], body = [.. name, .. data];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(body));
        return [.. length, .. body, .. sum];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }

    // Encodes nothing while it is held.
    private sealed class HeldTextEncoder(ITextEncoder encoder) : ITextEncoder
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isHeld;

        public Task Begun => _begun.Task;

        public EncoderInfo Info => encoder.Info;

        public void Hold() => _isHeld = true;

        public void Release() => _released.SetResult();

        public async ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            if (_isHeld)
            {
                _begun.TrySetResult();
                await _released.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            }

            await encoder.EncodeAsync(texts, destination, cancellationToken);
        }
    }
}
