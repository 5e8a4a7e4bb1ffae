using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests;

/// <summary>
/// Speaks the documented protocol of a service, and refuses what it forbids. A vector depends on the parts of its input, their order and the
/// role as the request says them, has no unit length, and is given in any order where the protocol numbers vectors.
/// </summary>
internal static class EmbeddingServer
{
    public const string Key = "sk-very-secret-0123456789";

    /// <summary>Answers truthfully.</summary>
    public static LoopbackResponse Answer(string service, LoopbackRequest request)
    {
        JsonNode body = JsonNode.Parse(request.Body)!;
        bool isKnown = service switch
        {
            "vllm" => true,
            "gemini" => request.Headers.GetValueOrDefault("x-goog-api-key") == Key,
            _ => request.Headers.GetValueOrDefault("Authorization") == $"Bearer {Key}",
        };
        if (!isKnown)
        {
            return LoopbackResponse.Text(
                401, $$$"""{"error": {"message": "invalid key '{{{request.Headers.GetValueOrDefault("Authorization")}}}'", "code": 401} }""", "application/json");
        }

        try
        {
            return LoopbackResponse.Json(service switch
            {
                "cohere" => Cohere(request, body),
                "voyage" => Voyage(request, body),
                "gemini" => Gemini(request, body),
                "dashscope" => DashScope(request, body),
                "jina" => Jina(request, body),
                _ => Vllm(request, body),
            });
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException or FormatException)
        {
            return LoopbackResponse.Text(400, JsonSerializer.Serialize(new { message = e.Message }), "application/json");
        }
    }

    /// <summary>The vector of an input, as long as it was asked for.</summary>
    public static float[] Vector(string spelled, int dimensions)
    {
        Random random = new(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(spelled))));
        return [.. Enumerable.Range(0, dimensions).Select(_ => (float)((random.NextDouble() * 8) - 4))];
    }

    public static string ImagePart(byte[] image) => $"<{Convert.ToHexString(SHA256.HashData(image))[..8]}>";

    private static string Cohere(LoopbackRequest request, JsonNode body)
    {
        Demand(request.Path == "/v2/embed" && body["truncate"]!.GetValue<string>() == "NONE", "wrong path or truncation");
        JsonArray inputs = body["inputs"]!.AsArray();
        Demand(inputs.Count <= 96, "too many inputs");
        string role = body["input_type"]!.GetValue<string>() switch
        {
            "search_query" => "query",
            "search_document" => "document",
            var other => throw new InvalidOperationException(other),
        };
        float[][] rows = [.. inputs.Select(input => Vector(role + string.Concat(input!["content"]!.AsArray()
            .Select(part => part!["type"]!.GetValue<string>() == "text"
            ? part["text"]!.GetValue<string>()
            : FromUrl(part["image_url"]!["url"]!.GetValue<string>()))), body["output_dimension"]?.GetValue<int>() ?? 1536))];
        Dictionary<string, float[][]> embeddings = new() { ["float"] = rows };
        return JsonSerializer.Serialize(new { id = "x", embeddings, meta = new { billed_units = new { input_tokens = 2 * rows.Length, images = 1 } } });
    }

    private static string Voyage(LoopbackRequest request, JsonNode body)
    {
        Demand(request.Path == "/multimodalembeddings" && !body["truncation"]!.GetValue<bool>(), "wrong path or truncation");
        string role = body["input_type"]!.GetValue<string>();
        float[][] rows = [.. body["inputs"]!.AsArray().Select(input => Vector(role + string.Concat(input!["content"]!.AsArray()
            .Select(part => part!["type"]!.GetValue<string>() == "text"
            ? part["text"]!.GetValue<string>()
            : FromUrl(part["image_base64"]!.GetValue<string>()))), body["output_dimension"]?.GetValue<int>() ?? 1024))];
        return Numbered(rows, "data", new { text_tokens = 1, image_pixels = 900, total_tokens = 5 * rows.Length });
    }

    private static string Gemini(LoopbackRequest request, JsonNode body)
    {
        JsonArray requests = body["requests"]!.AsArray();
        string model = requests[0]!["model"]!.GetValue<string>();
        Demand(
            request.Path == $"/{model}:batchEmbedContents"
                && requests.All(one => one!["model"]!.GetValue<string>() == model && one["taskType"] is null), "wrong path, model or taskType");
        float[][] rows = [.. requests.Select(one => Vector(string.Concat(one!["content"]!["parts"]!.AsArray().Select(part => part!["text"]?.GetValue<string>()
            ?? ImagePart(Convert.FromBase64String(part["inlineData"]!["data"]!.GetValue<string>())))), one["outputDimensionality"]?.GetValue<int>() ?? 3072))];
        return JsonSerializer.Serialize(new { embeddings = rows.Select(values => new { values }) });
    }

    private static string DashScope(LoopbackRequest request, JsonNode body)
    {
        Demand(request.Path == "/services/embeddings/multimodal-embedding/multimodal-embedding", "wrong path");
        JsonNode parameters = body["parameters"]!;
        string[] parts = [.. body["input"]!["contents"]!.AsArray().Select(part => part!["text"]?.GetValue<string>() ?? FromUrl(part["image"]!.GetValue<string>()))];
        Demand(parts.Length <= 20, "too many parts");
        string instruct = parameters["instruct"]?.GetValue<string>() ?? "";
        string[] inputs = parameters["enable_fusion"]!.GetValue<bool>() ? [string.Concat(parts)] : parts;
        float[][] rows = [.. inputs.Select(input => Vector(instruct + input, parameters["dimension"]?.GetValue<int>() ?? 2560))];
        JsonObject usage = new() { ["input_tokens"] = 3, ["image_tokens"] = 4, ["total_tokens"] = 7 };
        return new JsonObject { ["output"] = JsonNode.Parse(Numbered(rows, "embeddings", null)), ["usage"] = usage }.ToJsonString();
    }

    private static string Jina(LoopbackRequest request, JsonNode body)
    {
        Demand(request.Path == "/embeddings" && body["normalized"]!.GetValue<bool>(), "wrong path or not normalized");
        string role = body["task"]!.GetValue<string>() == "retrieval.query" ? "query" : "document";
        float[][] rows = [.. body["input"]!.AsArray().Select(input =>
        {
            Demand(input!.AsObject().Count == 1, "one modality for each input");
            return Vector(role + (input["text"]?.GetValue<string>() ?? FromUrl(input["image"]!.GetValue<string>())), body["dimensions"]?.GetValue<int>() ?? 2048);
        })];
        return Numbered(rows, "data", new { total_tokens = rows.Length });
    }

    private static string Vllm(LoopbackRequest request, JsonNode body)
    {
        Demand(request.Path == "/embeddings" && body["encoding_format"]!.GetValue<string>() == "float", "wrong path or encoding");
        int dimensions = body["dimensions"]?.GetValue<int>() ?? 24;
        if (body["input"] is { } texts)
        {
            return Numbered([.. texts.AsArray().Select(text => Vector(text!.GetValue<string>(), dimensions))], "data", new { prompt_tokens = 8, total_tokens = 8 });
        }

        string spelled = string.Concat(body["messages"]!.AsArray().SelectMany(message => message!["content"] is JsonArray parts
            ? parts.Select(part => part!["type"]!.GetValue<string>() == "text" ? part["text"]!.GetValue<string>() : FromUrl(part["image_url"]!["url"]!.GetValue<string>()))
            : [message["content"]!.GetValue<string>()]));
        return Numbered([Vector(spelled, dimensions)], "data", new { prompt_tokens = 8, total_tokens = 8 });
    }

    private static string Numbered(float[][] rows, string name, object? usage)
    {
        object[] items = [.. rows.Select((embedding, index) => new { @object = "embedding", embedding, index })];
        Array.Reverse(items);
        return JsonSerializer.Serialize(usage is null ? new Dictionary<string, object> { [name] = items } : new Dictionary<string, object> { [name] = items, ["usage"] = usage });
    }

    private static string FromUrl(string url)
    {
        Demand(url.StartsWith("data:image/png;base64,", StringComparison.Ordinal), "no data URL of a PNG");
        return ImagePart(Convert.FromBase64String(url[22..]));
    }

    private static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }
}
