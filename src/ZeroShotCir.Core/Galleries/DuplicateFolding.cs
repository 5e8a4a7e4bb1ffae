namespace ZeroShotCir.Galleries;

/// <summary>Folds images of the same bytes into one hit, for people who keep their pictures in several places.</summary>
/// <remarks>Thread-safe. Images that were added with their embeddings alone have no known bytes and are never folded.</remarks>
internal static class DuplicateFolding
{
    /// <summary>Searches until there are <paramref name="k"/> hits after folding, and no further copy of the last one.</summary>
    /// <typeparam name="T">What a search returns.</typeparam>
    /// <param name="gallery">The gallery that is searched.</param>
    /// <param name="k">How many hits are wanted after folding; at least 1.</param>
    /// <param name="search">Searches for as many hits as it is told, in ranking order; fewer mean that there are no more.</param>
    /// <param name="ordinalOf">The ordinal of a hit.</param>
    /// <param name="cancellationToken">Stops the work between searches.</param>
    /// <returns>The hits, in ranking order: <paramref name="k"/>, or fewer where the gallery has fewer different images.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public static async ValueTask<IReadOnlyList<FoldedHit<T>>> SearchAsync<T>(
        Gallery gallery, int k, Func<int, ValueTask<IReadOnlyList<T>>> search, Func<T, int> ordinalOf, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(ordinalOf);
        return await SearchAsync(k, search, hit => gallery.ContentOf(ordinalOf(hit)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for hits of a store, whose images somebody else knows.</summary>
    /// <typeparam name="T">What a search returns.</typeparam>
    /// <param name="k">How many hits are wanted after folding; at least 1.</param>
    /// <param name="search">Searches for as many hits as it is told, in ranking order; fewer mean that there are no more.</param>
    /// <param name="contentOf">What is equal for images of equal bytes; <see langword="null"/> where nobody knows, and the hit stands for itself.</param>
    /// <param name="cancellationToken">Stops the work between searches.</param>
    /// <returns>The hits, in ranking order: <paramref name="k"/>, or fewer where there are fewer different images.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public static async ValueTask<IReadOnlyList<FoldedHit<T>>> SearchAsync<T>(
        int k, Func<int, ValueTask<IReadOnlyList<T>>> search, Func<T, string?> contentOf, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(contentOf);
        for (int asked = (int)Math.Min((long)k + 1, Array.MaxLength); ; asked = (int)Math.Min(2L * asked, Array.MaxLength))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<T> found = await search(asked).ConfigureAwait(false);
            List<(T Hit, List<T> Copies)> groups = Group(found, contentOf);
            if (groups.Count > k || found.Count < asked)
            {
                return [.. groups.Take(k).Select(group => new FoldedHit<T>(group.Hit, group.Copies))];
            }
        }
    }

    private static List<(T Hit, List<T> Copies)> Group<T>(IReadOnlyList<T> hits, Func<T, string?> contentOf)
    {
        List<(T Hit, List<T> Copies)> groups = [];
        Dictionary<string, List<T>> byContent = new(StringComparer.Ordinal);
        foreach (T hit in hits)
        {
            if (contentOf(hit) is not { } content)
            {
                groups.Add((hit, []));
            }
            else if (byContent.TryGetValue(content, out List<T>? copies))
            {
                copies.Add(hit);
            }
            else
            {
                byContent.Add(content, copies = []);
                groups.Add((hit, copies));
            }
        }

        return groups;
    }
}
