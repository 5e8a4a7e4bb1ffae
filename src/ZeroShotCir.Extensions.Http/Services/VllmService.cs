using System.Text.Json;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>A model that reads images and texts under vLLM's pooling runner: texts alone in a list, anything with an image as one chat.</summary>
internal sealed class VllmService : EmbeddingService
{
    public VllmService()
        : base("vllm", CompositionKind.Joint, "http://localhost:8000/v1")
    {
        MaxInputs = 256;
    }

    internal override bool TakesInstruction => true;

    internal override bool TellsRoles => false;

    internal override int? DimensionsOf(string model) => null;

    internal override IEnumerable<int[]> Split(IReadOnlyList<ComposedInput> inputs, int batch, bool isInstructed)
    {
        ILookup<bool, int> kinds = Enumerable.Range(0, inputs.Count).ToLookup(i => isInstructed || inputs[i].Parts.Any(part => part.Image is not null));
        return kinds[true].Select(i => new[] { i }).Concat(kinds[false].Chunk(Math.Min(batch, MaxInputs)));
    }

    internal override string PathOf(ServiceCall call) => "embeddings";

    internal override void Write(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("model", call.Model);
        writer.WriteString("encoding_format", "float");
        if (call.Dimensions is { } dimensions)
        {
            writer.WriteNumber("dimensions", dimensions);
        }

        if (call.HasImages || call.Instruction is not null)
        {
            WriteChat(writer, call);
        }
        else
        {
            writer.WriteStartArray("input");
            foreach (ComposedInput input in call.Inputs)
            {
                writer.WriteStringValue(string.Concat(input.Parts.Select(part => part.Text)));
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    internal override ServiceReply Read(JsonElement reply, int count) => new(reply.Items("data").ByIndex(count, "embedding"))
    {
        Tokens = reply.Count("usage", "total_tokens"),
    };

    private static void WriteChat(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartArray("messages");
        if (call.Instruction is { } instruction)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", instruction);
            writer.WriteEndObject();
        }

        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteStartArray("content");
        foreach (ComposedPart part in call.Inputs[0].Parts)
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
        writer.WriteEndArray();
    }
}
