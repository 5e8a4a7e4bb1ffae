using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Reads strings out of JSON that somebody else wrote: half a surrogate pair or broken UTF-8 makes them absent, not an exception.</summary>
internal static class JsonText
{
    /// <summary>The string, or the number as it is written; <see langword="null"/> for anything else.</summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The string of a property; <see langword="null"/> where there is none.</summary>
    public static string? Read(JsonElement parent, string name)
        => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? Read(value) : null;

    /// <summary>The name of a property; empty where it cannot be read.</summary>
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }
}
