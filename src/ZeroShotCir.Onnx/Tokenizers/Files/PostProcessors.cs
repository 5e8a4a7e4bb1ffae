using System.Text.Json;
using ZeroShotCir.Onnx.Json;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads what a <c>tokenizer.json</c> puts around every sequence.</summary>
internal static class PostProcessors
{
    /// <summary>Reads the <c>post_processor</c> of a <c>tokenizer.json</c>.</summary>
    public static SequenceTemplate Read(JsonElement root) =>
        TokenizerJson.Steps(root, "post_processor", "processors").Select(ReadStep).Aggregate(
            new SequenceTemplate([], []), (inner, outer) => new SequenceTemplate([.. outer.Prefix, .. inner.Prefix], [.. inner.Suffix, .. outer.Suffix]));

    private static SequenceTemplate ReadStep(JsonElement step) => step.Text("type") switch
    {
        "ByteLevel" => new SequenceTemplate([], []),
        "BertProcessing" or "RobertaProcessing" => new SequenceTemplate([step.Required("cls")[1].GetInt32()], [step.Required("sep")[1].GetInt32()]),
        "TemplateProcessing" => ReadParts(step),
        string other => throw new InvalidDataException(
            $"its post-processor '{other}' is not supported; supported are BertProcessing, ByteLevel, RobertaProcessing and TemplateProcessing"),
    };

    private static SequenceTemplate ReadParts(JsonElement step)
    {
        List<int> prefix = [];
        List<int> suffix = [];
        List<int> side = prefix;
        foreach (JsonElement part in step.Required("single").EnumerateArray())
        {
            if (part.Optional("SpecialToken") is { } special)
            {
                side.AddRange(step.Required("special_tokens").Required(special.Text("id")).Required("ids").EnumerateArray().Select(id => id.GetInt32()));
            }
            else
            {
                side = suffix;
            }
        }

        return new SequenceTemplate([.. prefix], [.. suffix]);
    }
}
