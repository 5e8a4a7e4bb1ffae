using System.Globalization;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The form of a verdict: <c>{"fit": 7}</c>, a whole number from 0 to 10.</summary>
internal static class FitForm
{
    public const int Best = 10;

    /// <summary>About as many tokens has an answer.</summary>
    public const int AnswerTokens = 8;

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": { "fit": { "type": "integer" } },
          "required": ["fit"],
          "additionalProperties": false
        }
        """u8);

    public static AnswerForm<Verdict> Instance { get; } = new("fit", """JSON of the form {"fit": N} with a whole number N from 0 to 10""", Schema, Read);

    private static AnswerReading<Verdict>? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("fit", out JsonElement fit) || fit.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        return fit.TryGetDouble(out double value) && value is >= 0 and <= Best && double.IsInteger(value)
            ? new AnswerReading<Verdict>(new Verdict(value / Best), null)
            : new AnswerReading<Verdict>(null, string.Create(CultureInfo.InvariantCulture, $"its \"fit\" is {fit.GetRawText()}, which is no whole number from 0 to {Best}"));
    }

    /// <param name="Fit">From 0 to 1.</param>
    internal sealed record Verdict(double Fit);
}
