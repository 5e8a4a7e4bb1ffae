using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests;

/// <summary>Models of services at a loopback server, what they are asked and the rows that they must give.</summary>
internal sealed class ServiceWorld : IDisposable
{
    public HttpClient Http { get; } = new();

    public ImmediateClock Clock { get; } = new();

    public void Dispose() => Http.Dispose();

    public static ImageData Picture(int number) => ImageData.FromBytes((byte[])
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', (byte)number]);

    public static float[] Expected(string service, EncodingRole role, ImageData? image, string? text, bool textFirst = false)
    {
        string prompt = service switch
        {
            "cohere" or "voyage" or "jina" => role == EncodingRole.Query ? "query" : "document",
            _ => "",
        };
        string spelled = image is null ? "" : EmbeddingServer.ImagePart(image.Data.ToArray());
        string words = text is null ? "" : service != "gemini" ? text : (role == EncodingRole.Query ? "task: search result | query: " : "title: none | text: ") + text;
        return EmbeddingServer.Vector(prompt + (textFirst ? words + spelled : spelled + words), 24);
    }

    public static float[] Unit(float[] vector)
    {
        float length = TensorPrimitives.Norm<float>(vector);
        return Array.ConvertAll(vector, value => value / length);
    }

    public static void Near(float[] expected, ReadOnlySpan<float> actual)
    {
        Assert.InRange(TensorPrimitives.Norm(actual), 1 - 1e-5f, 1 + 1e-5f);
        Assert.InRange(TensorPrimitives.Distance<float>(Unit(expected), actual), 0, 1e-5f);
    }

    public HttpEmbeddingModel Open(string service, LoopbackServer server, HttpEmbeddingOptions? options = null)
    {
        options ??= new HttpEmbeddingOptions { Dimensions = 24 };
        options.Key = service == "vllm" ? null : EmbeddingServer.Key;
        options.Endpoint = server.Address;
        options.Clock = Clock;
        return HttpEmbeddingModel.Open($"{service}:some-model", Http, options);
    }
}
