namespace ZeroShotCir.Galleries;

/// <summary>Filters taken together.</summary>
public sealed class FilterGroup : GalleryFilter
{
    internal FilterGroup(FilterGroupKind kind, IReadOnlyList<GalleryFilter> filters)
    {
        Kind = kind;
        Filters = filters;
    }

    /// <summary>How they are taken together.</summary>
    public FilterGroupKind Kind { get; }

    /// <summary>The filters, at least one.</summary>
    public IReadOnlyList<GalleryFilter> Filters { get; }

    /// <inheritdoc/>
    public override bool Matches(GalleryItem item) => Kind switch
    {
        FilterGroupKind.All => Filters.All(filter => filter.Matches(item)),
        FilterGroupKind.Any => Filters.Any(filter => filter.Matches(item)),
        _ => !Filters.Any(filter => filter.Matches(item)),
    };
}
