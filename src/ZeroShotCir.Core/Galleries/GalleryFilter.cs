namespace ZeroShotCir.Galleries;

/// <summary>
/// Which items of a gallery may be found, as an expression of fields, operators and values: data that a gallery in memory evaluates and
/// a remote store can translate. For conditions that only code can say there is <see cref="Gallery.Select(Func{int, bool})"/>.
/// </summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public abstract class GalleryFilter
{
    /// <summary>The name of the field that holds an item's id; other names are those of its metadata.</summary>
    public const string IdField = "id";

    private protected GalleryFilter()
    {
    }

    /// <summary>Compares a field.</summary>
    /// <param name="field"><see cref="IdField"/>, or a name of the metadata. An item without the field does not match.</param>
    /// <param name="comparison">How it is compared.</param>
    /// <param name="values">None for <see cref="FilterOperator.Exists"/>, one for an order or a part, at least one otherwise.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">The field is empty or the number of values does not fit.</exception>
    public static GalleryFilter Where(string field, FilterOperator comparison, params IReadOnlyList<string> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        ArgumentNullException.ThrowIfNull(values);
        if (!Enum.IsDefined(comparison))
        {
            throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "The operator is not a member of FilterOperator.");
        }

        bool fits = comparison switch
        {
            FilterOperator.Exists => values.Count == 0,
            FilterOperator.In or FilterOperator.NotIn => values.Count > 0,
            _ => values.Count == 1,
        };
        return fits && !values.Contains(null!)
            ? new FilterCondition(field, comparison, [.. values])
            : throw new ArgumentException(
                $"The operator {comparison} was given {values.Count} values; Exists takes none, In and NotIn at least one, the others one.", nameof(values));
    }

    /// <summary>All of several filters.</summary>
    /// <param name="filters">The filters, at least one.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">There is no filter.</exception>
    public static GalleryFilter All(params IReadOnlyList<GalleryFilter> filters) => Group(FilterGroupKind.All, filters);

    /// <summary>At least one of several filters.</summary>
    /// <param name="filters">The filters, at least one.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">There is no filter.</exception>
    public static GalleryFilter Any(params IReadOnlyList<GalleryFilter> filters) => Group(FilterGroupKind.Any, filters);

    /// <summary>None of several filters.</summary>
    /// <param name="filters">The filters, at least one.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">There is no filter.</exception>
    public static GalleryFilter None(params IReadOnlyList<GalleryFilter> filters) => Group(FilterGroupKind.None, filters);

    /// <summary>Whether an item may be found.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether it may.</returns>
    public abstract bool Matches(GalleryItem item);

    private static FilterGroup Group(FilterGroupKind kind, IReadOnlyList<GalleryFilter> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        return filters.Count > 0 && !filters.Contains(null!)
            ? new FilterGroup(kind, [.. filters])
            : throw new ArgumentException("There are no filters to take together; at least one is needed.", nameof(filters));
    }
}
