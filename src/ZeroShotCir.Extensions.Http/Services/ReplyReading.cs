using System.Text.Json;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>Reads replies strictly: what is not as documented is a <see cref="FormatException"/> that says where.</summary>
internal static class ReplyReading
{
    /// <summary>A field that must be there.</summary>
    public static JsonElement Field(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw new FormatException($"it has no '{name}'");

    /// <summary>The elements of an array.</summary>
    public static JsonElement[] Items(this JsonElement element, string name)
        => element.Field(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : throw new FormatException($"'{name}' is no array");

    /// <summary>A count that may be missing.</summary>
    public static long Count(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return 0;
            }
        }

        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long count) && count >= 0 ? count : 0;
    }

    /// <summary>A vector.</summary>
    public static float[] Vector(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("an embedding is no array of numbers");
        }

        float[] vector = new float[element.GetArrayLength()];
        int i = 0;
        foreach (JsonElement number in element.EnumerateArray())
        {
            vector[i++] = number.ValueKind == JsonValueKind.Number && number.TryGetSingle(out float value) && float.IsFinite(value)
                ? value
                : throw new FormatException($"component {i - 1} of an embedding is no finite number");
        }

        return vector;
    }

    /// <summary>Vectors that say which input they belong to.</summary>
    public static float[][] ByIndex(this JsonElement[] items, int count, string vector)
    {
        float[]?[] rows = new float[]?[count];
        foreach (JsonElement item in items)
        {
            JsonElement index = item.Field("index");
            if (index.ValueKind != JsonValueKind.Number || !index.TryGetInt32(out int at) || at < 0 || at >= count || rows[at] is not null)
            {
                throw new FormatException($"an embedding has the index {index}, expected each from 0 to {count - 1} once");
            }

            rows[at] = item.Field(vector).Vector();
        }

        return rows.Any(row => row is null) ? throw new FormatException($"it has {items.Length} embeddings for {count} inputs") : [.. rows.OfType<float[]>()];
    }
}
