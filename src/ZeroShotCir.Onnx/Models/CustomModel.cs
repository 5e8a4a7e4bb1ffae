using System.Text.Json;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Onnx.Models;

/// <summary>One graph that <c>zeroshotcir.json</c> describes. What is absent is found as in published folders.</summary>
/// <param name="Graph">Its file, relative to the folder.</param>
/// <param name="Input">The input that takes pixels or ids.</param>
/// <param name="Mask">The input that takes the attention mask.</param>
/// <param name="Output">The output that is the embedding.</param>
/// <param name="Settings">The preprocessing file of images, the tokenizer folder of texts.</param>
internal sealed record CustomGraph(string Graph, string? Input, string? Mask, string? Output, string? Settings);

/// <summary>
/// A model that no family describes, as its <c>zeroshotcir.json</c> does:
/// <c>{"name", "unit_length", "image": {"graph", "input", "output", "preprocessing"},
/// "text": {"graph", "input", "mask", "output", "tokenizer", "context_length", "pad_id", "pad_to_context"}}</c>.
/// </summary>
internal sealed record CustomModel(string Name, bool UnitLength, CustomGraph? Image, CustomGraph? Text, int? ContextLength, int? PadId, bool PadsToContext)
{
    private static readonly string[] Fields = ["name", "unit_length", "image", "text"];
    private static readonly string[] ImageFields = ["graph", "input", "output", "preprocessing"];
    private static readonly string[] TextFields = ["graph", "input", "mask", "output", "tokenizer", "context_length", "pad_id", "pad_to_context"];

    /// <summary>Reads the description.</summary>
    /// <exception cref="InvalidModelException">It is malformed or has fields that mean nothing.</exception>
    public static CustomModel Read(string path) => ModelFiles.ReadJson(path, root =>
    {
        Check(path, root, Fields);
        JsonElement? text = root.TryGetProperty("text", out JsonElement value) ? Check(path, value, TextFields) : null;
        CustomModel model = new(
            String(path, root, "name") ?? "custom",
            Flag(path, root, "unit_length") ?? false,
            root.TryGetProperty("image", out JsonElement image) ? Graph(path, Check(path, image, ImageFields), "preprocessing") : null,
            text is { } side ? Graph(path, side, "tokenizer") : null,
            text is { } length ? Integer(path, length, "context_length", 2, TokenizerSettings.Longest) : null,
            text is { } pad ? Integer(path, pad, "pad_id", 0, int.MaxValue) : null,
            (text is { } padding ? Flag(path, padding, "pad_to_context") : null) ?? true);
        return model.Image is null && model.Text is null
            ? throw new InvalidModelException($"'{path}' describes neither an 'image' nor a 'text' graph.")
            : model;
    });

    private static CustomGraph Graph(string path, JsonElement side, string settings) => new(
        String(path, side, "graph") ?? throw new InvalidModelException($"'{path}' has a graph without the field 'graph', which names its file."),
        String(path, side, "input"),
        String(path, side, "mask"),
        String(path, side, "output"),
        String(path, side, settings));

    private static JsonElement Check(string path, JsonElement element, string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidModelException($"'{path}' holds a JSON {element.ValueKind} where an object with {string.Join(", ", known)} is expected.");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw new InvalidModelException($"'{path}' has the unknown field '{property.Name}'; known are {string.Join(", ", known)}.");
            }
        }

        return element;
    }

    private static string? String(string path, JsonElement element, string name)
        => !element.TryGetProperty(name, out JsonElement value) ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : throw new InvalidModelException($"'{path}' holds a JSON {value.ValueKind} as '{name}'; a text is expected.");

    private static bool? Flag(string path, JsonElement element, string name)
        => !element.TryGetProperty(name, out JsonElement value) ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw new InvalidModelException($"'{path}' holds a JSON {value.ValueKind} as '{name}'; true or false is expected.");

    private static int? Integer(string path, JsonElement element, string name, int least, int most)
        => !element.TryGetProperty(name, out JsonElement value) ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most ? number
            : throw new InvalidModelException($"'{path}' holds '{value}' as '{name}'; an integer from {least} to {most} is expected.");
}
