using System.Globalization;

namespace ZeroShotCir.Galleries;

/// <summary>A filter that compares one field.</summary>
public sealed class FilterCondition : GalleryFilter
{
    internal FilterCondition(string field, FilterOperator comparison, IReadOnlyList<string> values)
    {
        Field = field;
        Operator = comparison;
        Values = values;
    }

    /// <summary>The field: <see cref="GalleryFilter.IdField"/>, or a name of the item's metadata.</summary>
    public string Field { get; }

    /// <summary>How it is compared.</summary>
    public FilterOperator Operator { get; }

    /// <summary>What it is compared with: none for <see cref="FilterOperator.Exists"/>, one for an order or a part, otherwise any number.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <inheritdoc/>
    public override bool Matches(GalleryItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        string? value = Field == IdField ? item.Id : item.Metadata.GetValueOrDefault(Field);
        return value is not null && Operator switch
        {
            FilterOperator.In => Values.Contains(value, StringComparer.Ordinal),
            FilterOperator.NotIn => !Values.Contains(value, StringComparer.Ordinal),
            FilterOperator.Less => Compare(value, Values[0]) < 0,
            FilterOperator.AtMost => Compare(value, Values[0]) <= 0,
            FilterOperator.Greater => Compare(value, Values[0]) > 0,
            FilterOperator.AtLeast => Compare(value, Values[0]) >= 0,
            FilterOperator.StartsWith => value.StartsWith(Values[0], StringComparison.Ordinal),
            FilterOperator.Contains => value.Contains(Values[0], StringComparison.Ordinal),
            _ => true,
        };
    }

    private static int Compare(string x, string y) => double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out double first)
        && double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out double second)
        ? first.CompareTo(second)
        : string.CompareOrdinal(x, y);
}
