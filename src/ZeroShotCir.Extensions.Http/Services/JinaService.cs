using System.Text.Json;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>Jina embeddings v4: an input is a text or an image, never both.</summary>
internal sealed class JinaService : EmbeddingService
{
    public JinaService()
        : base("jina", CompositionKind.Separate, "https://api.jina.ai/v1")
    {
        KeyVariable = "JINA_API_KEY";
        MaxInputs = 512;
    }

    internal override int? DimensionsOf(string model) => model.Contains("clip", StringComparison.OrdinalIgnoreCase) ? 1024 : 2048;

    internal override string PathOf(ServiceCall call) => "embeddings";

    internal override void Write(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("model", call.Model);
        writer.WriteString("task", call.Role == EncodingRole.Query ? "retrieval.query" : "retrieval.passage");
        if (call.Dimensions is { } dimensions)
        {
            writer.WriteNumber("dimensions", dimensions);
        }

        writer.WriteBoolean("normalized", true);
        writer.WriteString("embedding_type", "float");
        writer.WriteStartArray("input");
        foreach (ComposedPart part in call.Inputs.Select(input => input.Parts.Single()))
        {
            writer.WriteStartObject();
            writer.WriteString(part.Image is null ? "text" : "image", part.Image is { } image ? DataUrl(image) : part.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal override ServiceReply Read(JsonElement reply, int count) => new(reply.Items("data").ByIndex(count, "embedding"))
    {
        Tokens = reply.Count("usage", "total_tokens"),
    };
}
