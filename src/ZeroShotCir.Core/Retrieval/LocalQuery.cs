using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>A composed query with what is wanted of it, in terms of the gallery that is searched.</summary>
internal sealed class LocalQuery
{
    public required QueryVectors Vectors { get; init; }

    public required SearchedSpace Space { get; init; }

    /// <summary>How many hits are wanted.</summary>
    public required int Count { get; init; }

    public required GallerySelection? Selection { get; init; }

    public required HashSet<int> Excluded { get; init; }

    public required double? MinScore { get; init; }

    /// <summary>The items that it is compared with; those that are left out singly are among them.</summary>
    /// <param name="ordinals">The number of ordinals of the gallery.</param>
    public ComparedItems ItemsIn(int ordinals) => ComparedItems.InScope(Space.Scope(Selection).Allowed.Span, ordinals);

    /// <summary>The best items.</summary>
    /// <param name="scores">A score for each.</param>
    /// <param name="items">The items.</param>
    public SearchHit[] BestOf(ReadOnlySpan<float> scores, ComparedItems items)
        => Finish(BestHits.Select(scores, (int)Math.Min(scores.Length, (long)Count + Excluded.Count), items.Ordinals));

    /// <summary>Takes off a list of hits, in ranking order, what is left out, too much or below the least score.</summary>
    /// <param name="found">The hits: by as many more than wanted as are left out.</param>
    public SearchHit[] Finish(ReadOnlySpan<SearchHit> found)
    {
        List<SearchHit> kept = [];
        for (int i = 0; i < found.Length && kept.Count < Count && (MinScore is not { } least || found[i].Score >= least); i++)
        {
            if (!Excluded.Contains(found[i].Ordinal))
            {
                kept.Add(found[i]);
            }
        }

        return [.. kept];
    }
}
