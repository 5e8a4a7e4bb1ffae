using System.Text.Json;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>Voyage multimodal 3 and 3.5: up to 1,000 inputs of parts, numbered in the reply.</summary>
internal sealed class VoyageService : EmbeddingService
{
    public VoyageService()
        : base("voyage", CompositionKind.Joint, "https://api.voyageai.com/v1")
    {
        KeyVariable = "VOYAGE_API_KEY";
        MaxInputs = 1000;
    }

    internal override int? DimensionsOf(string model) => 1024;

    internal override string PathOf(ServiceCall call) => "multimodalembeddings";

    internal override void Write(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("model", call.Model);
        writer.WriteString("input_type", call.Role == EncodingRole.Query ? "query" : "document");
        writer.WriteBoolean("truncation", false);
        if (call.Dimensions is { } dimensions)
        {
            writer.WriteNumber("output_dimension", dimensions);
        }

        writer.WriteStartArray("inputs");
        foreach (ComposedInput input in call.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("content");
            foreach (ComposedPart part in input.Parts)
            {
                string name = part.Image is null ? "text" : "image_base64";
                writer.WriteStartObject();
                writer.WriteString("type", name);
                writer.WriteString(name, part.Image is { } image ? DataUrl(image) : part.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal override ServiceReply Read(JsonElement reply, int count) => new(reply.Items("data").ByIndex(count, "embedding"))
    {
        Tokens = reply.Count("usage", "total_tokens"),
        Pixels = reply.Count("usage", "image_pixels"),
    };
}
