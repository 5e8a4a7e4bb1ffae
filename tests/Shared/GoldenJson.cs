using System.Text.Json;

namespace ZeroShotCir.Tests;

/// <summary>Reads numbers out of golden JSON files.</summary>
internal static class GoldenJson
{
    public static JsonElement Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    /// <summary>An array of numbers; the strings NaN and Infinity stand for those values.</summary>
    public static float[] Floats(this JsonElement array)
        => [.. array.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.String
            ? float.Parse(x.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : x.GetSingle())];

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetDouble())];

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetInt32())];

    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetString()!)];

    public static float[][] Rows(this JsonElement array) => [.. array.EnumerateArray().Select(Floats)];

    public static double Number(this JsonElement item, string name)
        => item.GetProperty(name) is { ValueKind: JsonValueKind.String } text
            ? double.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : item.GetProperty(name).GetDouble();

    public static string Text(this JsonElement item, string name) => item.GetProperty(name).GetString()!;
}
