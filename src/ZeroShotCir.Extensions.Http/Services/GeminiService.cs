using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>Gemini Embedding 2: the parts of a content are one embedding; roles are words before the text.</summary>
internal sealed class GeminiService : EmbeddingService
{
    public GeminiService()
        : base("gemini", CompositionKind.Joint, "https://generativelanguage.googleapis.com/v1beta")
    {
        KeyVariable = "GEMINI_API_KEY";
        MaxInputs = 100;
        MaxImages = 6;
        ImageFormats = [ImageFormat.Png, ImageFormat.Jpeg];
    }

    internal override bool TakesInstruction => true;

    internal override int? DimensionsOf(string model) => 3072;

    internal override string PathOf(ServiceCall call) => $"models/{Uri.EscapeDataString(call.Model)}:batchEmbedContents";

    internal override void Authorize(HttpRequestMessage request, string key) => request.Headers.Add("x-goog-api-key", key);

    internal override void Write(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("requests");
        foreach (ComposedInput input in call.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("model", $"models/{call.Model}");
            writer.WriteStartObject("content");
            writer.WriteStartArray("parts");
            bool isFirst = true;
            foreach (ComposedPart part in input.Parts)
            {
                writer.WriteStartObject();
                if (part.Image is { } image)
                {
                    writer.WriteStartObject("inlineData");
                    writer.WriteString("mimeType", MediaTypeOf(image));
                    writer.WriteBase64String("data", image.Data.Span);
                    writer.WriteEndObject();
                }
                else
                {
                    writer.WriteString("text", isFirst ? PromptOf(call) + part.Text : part.Text);
                    isFirst = false;
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            if (call.Dimensions is { } dimensions)
            {
                writer.WriteNumber("outputDimensionality", dimensions);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal override ServiceReply Read(JsonElement reply, int count) => new([.. reply.Items("embeddings").Select(embedding => embedding.Field("values").Vector())])
    {
        Tokens = reply.Count("usageMetadata", "promptTokenCount"),
    };

    private static string PromptOf(ServiceCall call) => call.Role == EncodingRole.Query ? $"task: {call.Instruction ?? "search result"} | query: " : "title: none | text: ";
}
