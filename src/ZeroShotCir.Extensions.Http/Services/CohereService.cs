using System.Text.Json;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>Cohere Embed v4: up to 96 inputs of parts, in their order in the reply.</summary>
internal sealed class CohereService : EmbeddingService
{
    public CohereService()
        : base("cohere", CompositionKind.Joint, "https://api.cohere.com")
    {
        KeyVariable = "COHERE_API_KEY";
        MaxInputs = 96;
        MaxImageBytes = 5L << 20;
    }

    internal override int? DimensionsOf(string model) => 1536;

    internal override string PathOf(ServiceCall call) => "v2/embed";

    internal override void Write(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("model", call.Model);
        writer.WriteString("input_type", call.Role == EncodingRole.Query ? "search_query" : "search_document");
        writer.WriteStartArray("embedding_types");
        writer.WriteStringValue("float");
        writer.WriteEndArray();
        if (call.Dimensions is { } dimensions)
        {
            writer.WriteNumber("output_dimension", dimensions);
        }

        // A text that is too long is refused, and not cut in silence.
        writer.WriteString("truncate", "NONE");
        writer.WriteStartArray("inputs");
        foreach (ComposedInput input in call.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("content");
            foreach (ComposedPart part in input.Parts)
            {
                writer.WriteStartObject();
                writer.WriteString("type", part.Image is null ? "text" : "image_url");
                if (part.Image is { } image)
                {
                    writer.WriteStartObject("image_url");
                    writer.WriteString("url", DataUrl(image));
                    writer.WriteEndObject();
                }
                else
                {
                    writer.WriteString("text", part.Text);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal override ServiceReply Read(JsonElement reply, int count) => new([.. reply.Field("embeddings").Items("float").Select(ReplyReading.Vector)])
    {
        Tokens = reply.Count("meta", "billed_units", "input_tokens"),
        Images = reply.Count("meta", "billed_units", "images"),
    };
}
