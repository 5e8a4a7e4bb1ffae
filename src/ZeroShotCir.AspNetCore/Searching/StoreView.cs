using System.Globalization;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>A store, and beside it the gallery that it was pushed from, if that is at hand: folders and copies are known from there only.</summary>
internal sealed class StoreView(IGalleryStore store, StoreDescription description, GalleryView? pushed) : GalleryView
{
    public override long Images => description.Rows ?? 0;

    public override long? Captions => pushed?.Captions ?? description.Captions?.Count;

    public override IReadOnlyList<FolderDescription> Folders => pushed?.Folders ?? [];

    // When a file was written the store does not know, so that the gallery's first and last day are not those of the filter.
    public override DateOnly? From => null;

    public override DateOnly? To => null;

    public override ComposedQuery Limit(ComposedQuery query, string? folder, DateOnly? from, DateOnly? to)
    {
        List<GalleryFilter> filters = [];
        if (Prefix(folder) is { } prefix)
        {
            filters.Add(GalleryFilter.Where(GalleryFilter.IdField, FilterOperator.StartsWith, prefix));
        }

        if (from is not null || to is not null)
        {
            filters.Add(GalleryFilter.Any([.. DayFields.Select(field => Between(field, from, to))]));
        }

        return filters.Count == 0 ? query : query with { Filter = filters.Count == 1 ? filters[0] : GalleryFilter.All(filters) };
    }

    public override long? CountOf(ComposedQuery limited) => limited.Filter is null ? description.Rows : null;

    // A store compares what is noted as text, and not everybody writes days alike.
    public override bool Allows(GalleryItem item, DateOnly? from, DateOnly? to)
        => (from is null && to is null) || (DayOf(item) is { } day && (from is null || day >= from) && (to is null || day <= to));

    public override async ValueTask<GalleryItem?> FindAsync(string id, CancellationToken cancellationToken)
        => (await store.GetAsync([id], cancellationToken).ConfigureAwait(false))[0]?.Item;

    public override string? ContentOf(string id) => pushed?.ContentOf(id);

    public override DateOnly? DayOf(GalleryItem item) => NotedDay(item.Metadata);

    public override string? ObstacleTo(StrategyDefinition row)
    {
        CompositionStrategy strategy = row.Create(new Dictionary<string, double>(), StrategyArguments.DefaultAlpha);
        return strategy.LooksAtItems ? "It looks at the images before it composes, and a store does not show them."
            : strategy.Space != CompositionSpace.Embedding ? "It compares rows in a space of its own, and a store has them in that of the model only."
            : strategy is not LinearStrategy && !description.KeepsParts ? "It reads the parts that rows were folded from, and they were not pushed to the store."
            : null;
    }

    private static GalleryFilter Between(string field, DateOnly? from, DateOnly? to)
    {
        List<GalleryFilter> limits = [];
        if (from is { } first)
        {
            limits.Add(GalleryFilter.Where(field, FilterOperator.AtLeast, Write(first)));
        }

        if (to is { } last && last < DateOnly.MaxValue)
        {
            limits.Add(GalleryFilter.Where(field, FilterOperator.Less, Write(last.AddDays(1))));
        }

        return limits.Count == 0 ? GalleryFilter.Where(field, FilterOperator.Exists) : GalleryFilter.All(limits);
    }

    private static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
