using System.Globalization;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The form of an order: <c>{"order": [3, 1, 2]}</c>, or the bare array; every number from 1 once.</summary>
internal static class OrderForm
{
    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": { "order": { "type": "array", "items": { "type": "integer" } } },
          "required": ["order"],
          "additionalProperties": false
        }
        """u8);

    public static AnswerForm<Order> Create(int count) => new(
        "order",
        string.Create(CultureInfo.InvariantCulture, $$"""JSON of the form {"order": [...]} with each of the numbers from 1 to {{count}} once, the best first"""),
        Schema,
        json => Read(json, count));

    /// <summary>About as many tokens has an answer.</summary>
    public static int AnswerTokens(int count) => 8 + (2 * count);

    private static AnswerReading<Order>? Read(JsonElement json, int count)
    {
        JsonElement list = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("order", out JsonElement order) ? order : json;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return null;
        }

        List<int> positions = [];
        int repeated = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number)
            {
                return null;
            }

            if (!item.TryGetInt32(out int number) || number < 1 || number > count)
            {
                // What it means by a picture that is not there nobody knows, and so nothing of it is believed.
                return new AnswerReading<Order>(null, string.Create(CultureInfo.InvariantCulture, $"it names picture {item.GetRawText()}, where the pictures "
                    + $"are numbered from 1 to {count}"));
            }

            if (positions.Contains(number - 1))
            {
                repeated++;
            }
            else
            {
                positions.Add(number - 1);
            }
        }

        int missing = count - positions.Count;
        string? complaint = (missing, repeated) switch
        {
            (0, 0) => null,
            _ => string.Create(CultureInfo.InvariantCulture, $"it leaves out {missing} of the {count} pictures and names {repeated} again"),
        };
        return new AnswerReading<Order>(new Order(positions, complaint is null), complaint);
    }

    /// <param name="Positions">Positions, from 0, the best first; each once.</param>
    /// <param name="IsComplete">Whether all were named, and none twice.</param>
    internal sealed record Order(IReadOnlyList<int> Positions, bool IsComplete);
}
