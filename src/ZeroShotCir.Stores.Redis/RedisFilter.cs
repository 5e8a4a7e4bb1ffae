using System.Globalization;
using System.Text;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// What of a filter a vector set can evaluate: never less than the filter lets pass, so that what comes back needs only to be looked at once
/// more.
/// </summary>
/// <remarks>
/// An attribute that an element lacks makes the whole expression false, also beside an <c>or</c> and below a <c>not</c>; and strings that
/// look like numbers are compared as numbers. So negations stay here, and alternatives too unless they are about one field.
/// </remarks>
internal static class RedisFilter
{
    /// <summary>Translates a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="isWhole">Whether nothing was left out.</param>
    /// <returns>The expression; <see langword="null"/> where nothing can be translated.</returns>
    public static string? Translate(GalleryFilter filter, out bool isWhole)
    {
        Part part = TranslatePart(filter);
        isWhole = part.IsWhole;
        return part.Text;
    }

    private static Part TranslatePart(GalleryFilter filter) => filter switch
    {
        FilterCondition condition => Translate(condition),
        FilterGroup { Kind: FilterGroupKind.All } group => All([.. group.Filters.Select(TranslatePart)]),
        FilterGroup { Kind: FilterGroupKind.Any } group => Any([.. group.Filters.Select(TranslatePart)]),
        _ => Part.Nothing,
    };

    private static Part All(Part[] parts)
    {
        Part[] pushed = [.. parts.Where(part => part.Text is not null)];
        return pushed.Length == 0 ? Part.Nothing : new Part(Join(pushed, " and "), pushed.Length == parts.Length && parts.All(part => part.IsWhole), Field(pushed));
    }

    private static Part Any(Part[] parts)
        => parts.All(part => part.Text is not null) && Field(parts) is { } field ? new Part(Join(parts, " or "), parts.All(part => part.IsWhole), field) : Part.Nothing;

    private static string Join(Part[] parts, string word) => string.Join(word, parts.Select(part => $"({part.Text})"));

    private static string? Field(Part[] parts) => parts.All(part => part.Field == parts[0].Field) ? parts[0].Field : null;

    private static Part Translate(FilterCondition condition)
    {
        if (condition.Field == GalleryFilter.IdField)
        {
            return Part.Nothing;
        }

        string text = "." + ItemAttributes.Text(condition.Field);
        string number = "." + ItemAttributes.Number(condition.Field);
        switch (condition.Operator)
        {
            case FilterOperator.In when condition.Values.All(CanQuote):
                return new Part(
                    condition.Values.Count == 1 ? $"{text} == {Quote(condition.Values[0])}" : $"{text} in [{string.Join(", ", condition.Values.Select(Quote))}]",
                    true,
                    condition.Field);
            case FilterOperator.Less or FilterOperator.AtMost or FilterOperator.Greater or FilterOperator.AtLeast
                when ItemAttributes.TryParse(condition.Values[0], out double limit):
                string comparison = condition.Operator switch
                {
                    FilterOperator.Less => "<",
                    FilterOperator.AtMost => "<=",
                    FilterOperator.Greater => ">",
                    _ => ">=",
                };
                // What is no number is compared as a string, which only the filter itself can do.
                return new Part($"{number} {comparison} {limit.ToString("R", CultureInfo.InvariantCulture)} or {number} == \"\"", true, condition.Field);
            default:
                return Part.Nothing;
        }
    }

    private static bool CanQuote(string value) => !value.Any(char.IsControl);

    private static string Quote(string value)
    {
        StringBuilder quoted = new("\"");
        foreach (char character in value)
        {
            if (character is '"' or '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(character);
        }

        return quoted.Append('"').ToString();
    }

    private readonly record struct Part(string? Text, bool IsWhole, string? Field)
    {
        public static Part Nothing => new(null, false, null);
    }
}
