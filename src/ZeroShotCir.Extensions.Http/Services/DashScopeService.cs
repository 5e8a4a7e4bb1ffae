using System.Text.Json;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>Qwen3-VL embeddings of DashScope: a request has one embedding for each part, or with fusion one for all of them.</summary>
internal sealed class DashScopeService : EmbeddingService
{
    private const int MostParts = 20;

    public DashScopeService()
        : base("dashscope", CompositionKind.Joint, "https://dashscope.aliyuncs.com/api/v1")
    {
        KeyVariable = "DASHSCOPE_API_KEY";
        MaxInputs = MostParts;
        MaxImageBytes = 5L << 20;
    }

    internal override bool TakesInstruction => true;

    internal override bool TellsRoles => false;

    internal override int? DimensionsOf(string model) => 2560;

    // What is fused goes alone; single parts go together, unfused.
    internal override IEnumerable<int[]> Split(IReadOnlyList<ComposedInput> inputs, int batch, bool isInstructed)
    {
        ILookup<bool, int> kinds = Enumerable.Range(0, inputs.Count).ToLookup(i => inputs[i].Parts.Count > 1);
        return kinds[true].Select(i => new[] { i }).Concat(kinds[false].Chunk(Math.Min(batch, MostParts)));
    }

    internal override string PathOf(ServiceCall call) => "services/embeddings/multimodal-embedding/multimodal-embedding";

    internal override void Write(Utf8JsonWriter writer, ServiceCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("model", call.Model);
        writer.WriteStartObject("input");
        writer.WriteStartArray("contents");
        foreach (ComposedPart part in call.Inputs.SelectMany(input => input.Parts))
        {
            writer.WriteStartObject();
            writer.WriteString(part.Image is null ? "text" : "image", part.Image is { } image ? DataUrl(image) : part.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("parameters");
        writer.WriteBoolean("enable_fusion", call.Inputs is [{ Parts.Count: > 1 }]);
        if (call.Dimensions is { } dimensions)
        {
            writer.WriteNumber("dimension", dimensions);
        }

        if (call.Instruction is { } instruction)
        {
            writer.WriteString("instruct", instruction);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    internal override ServiceReply Read(JsonElement reply, int count) => new(reply.Field("output").Items("embeddings").ByIndex(count, "embedding"))
    {
        Tokens = reply.Count("usage", "total_tokens") is > 0 and var total ? total : reply.Count("usage", "input_tokens") + reply.Count("usage", "image_tokens"),
    };
}
