using System.Globalization;

namespace ZeroShotCir.Tool.Options;

/// <summary>Prices as they are typed: numbers separated by colons.</summary>
internal static class PriceText
{
    /// <summary>Reads as many numbers as there are; <see langword="null"/> where one is none, or less than 0.</summary>
    public static decimal[]? Parse(string text)
    {
        string[] parts = text.Split(':');
        decimal[] numbers = new decimal[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!decimal.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }
}
