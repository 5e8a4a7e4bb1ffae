using System.Text.Json;

namespace ZeroShotCir.Onnx.Json;

/// <summary>Fields of JSON that was read whole, where a damaged one is <see cref="InvalidDataException"/>.</summary>
internal static class JsonElementExtensions
{
    /// <summary>A field that must be there.</summary>
    public static JsonElement Required(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw new InvalidDataException($"the field '{name}' is missing");

    /// <summary>A field that may be absent or null.</summary>
    public static JsonElement? Optional(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string Text(this JsonElement element, string name, string otherwise = "") => element.Optional(name)?.GetString() ?? otherwise;

    public static bool Flag(this JsonElement element, string name, bool otherwise = false) => element.Optional(name)?.GetBoolean() ?? otherwise;
}
