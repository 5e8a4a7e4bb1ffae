using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>What a <see cref="RetrieverMonitor"/> has open at a moment: all of it belongs together.</summary>
internal sealed class OpenedRetriever
{
    public required ComposedImageRetriever Retriever { get; init; }

    /// <summary>How queries are scored that do not say it themselves.</summary>
    public required RetrievalOptions Defaults { get; init; }

    /// <summary>The gallery that is searched; beside a store, the one that it was pushed from, for pictures and folders.</summary>
    public required Gallery? Gallery { get; init; }

    /// <summary>The store that is searched; <see langword="null"/> where the gallery itself is.</summary>
    public required IGalleryStore? Store { get; init; }

    /// <summary>What the store's rows are.</summary>
    public required StoreDescription? Description { get; init; }

    /// <summary>Equal marks are equal contents.</summary>
    public required string Mark { get; init; }

    public DateTimeOffset Time { get; } = DateTimeOffset.UtcNow;

    public long Count => Description is null ? Gallery!.Count : Description.Rows ?? 0;
}
