using System.Globalization;
using System.Numerics.Tensors;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>Checks a store against the gallery that it was pushed from: counts, the digest of every row, and the rows and scores of a sample.</summary>
public sealed class StoreVerifier
{
    private const double Tolerance = 2e-3;
    private const int Depth = 20;
    private readonly Gallery _gallery;
    private readonly ReadOnlyMemory<float> _emptyText;
    private readonly List<string> _problems = [];

    /// <summary>Creates a verifier.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="emptyText">The embedding of the empty text, if it stands in for missing captions (<see cref="StorePushOptions.EmptyText"/>).</param>
    public StoreVerifier(Gallery gallery, ReadOnlyMemory<float> emptyText = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        _gallery = gallery;
        _emptyText = emptyText;
    }

    /// <summary>Checks a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="sample">How many images are searched for by their own rows, evenly spread over the gallery.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found. A row that a graph cannot reach is a problem, too.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sample"/> is negative.</exception>
    public async Task<StoreVerification> VerifyAsync(IGalleryStore store, int sample = 100, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        _problems.Clear();
        if (await store.GetDescriptionAsync(cancellationToken).ConfigureAwait(false) is not { } description)
        {
            return new StoreVerification(0, 0, 0, 0, [$"The store '{store.Name}' holds no gallery. Push it."]);
        }

        if (!description.IsWhole)
        {
            _problems.Add("A push is under way or was cut off. Push the gallery again.");
        }

        if (description.Generation < _gallery.Generation)
        {
            Add($"The store holds generation {description.Generation} of the gallery, which is at {_gallery.Generation}. Push it.");
        }

        long rows = await store.CountAsync(cancellationToken).ConfigureAwait(false);
        if (rows != _gallery.Count)
        {
            Add($"The store holds {rows} rows, the gallery {_gallery.Count} images. Push it.");
        }

        long compared = await CompareDigestsAsync(store, description, cancellationToken).ConfigureAwait(false);
        int searched = 0, found = 0;
        int[] present = [.. Enumerable.Range(0, _gallery.OrdinalCount).Where(ordinal => !_gallery.IsRemoved(ordinal))];
        for (int i = 0; i < Math.Min(sample, present.Length); i++)
        {
            searched++;
            int ordinal = present[(int)((long)i * present.Length / Math.Min(sample, present.Length))];
            found += await SearchAsync(store, description, ordinal, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return new StoreVerification(rows, compared, searched, found, [.. _problems]);
    }

    private async Task<long> CompareDigestsAsync(IGalleryStore store, StoreDescription description, CancellationToken cancellationToken)
    {
        if (store.GetService(typeof(IStoreDigests)) is not IStoreDigests digests)
        {
            return 0;
        }

        int shards = await digests.CountShardsAsync(cancellationToken).ConfigureAwait(false);
        ILookup<int, int> ordinals = Enumerable.Range(0, _gallery.OrdinalCount)
            .Where(ordinal => !_gallery.IsRemoved(ordinal))
            .ToLookup(ordinal => GalleryShard.IndexOf(_gallery.IdOf(ordinal), shards));
        long compared = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            IReadOnlyDictionary<string, ulong> known = await digests.ReadDigestsAsync(shard, cancellationToken).ConfigureAwait(false);
            int lacking = 0, different = 0, right = 0;
            foreach (int ordinal in ordinals[shard])
            {
                StoreRow row = RowOf(ordinal, description);
                bool isThere = known.TryGetValue(row.Id, out ulong digest);
                bool isRight = isThere && digest == row.ComputeDigest();
                lacking += isThere ? 0 : 1;
                different += isThere && !isRight ? 1 : 0;
                right += isRight ? 1 : 0;
                compared++;
            }

            int more = known.Count - right - different;
            if (lacking + different + more > 0)
            {
                Add($"Shard {shard + 1} of {shards} lacks {lacking} images, has {different} that differ, and {more} that the gallery does not have. Push it.");
            }
        }

        return compared;
    }

    private async Task<bool> SearchAsync(IGalleryStore store, StoreDescription description, int ordinal, CancellationToken cancellationToken)
    {
        StoreRow row = RowOf(ordinal, description);
        StoreAnswer answer = await store.FindAsync(row.Vector, Depth, cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (string missing in answer.Missing.Where(missing => !_problems.Contains(missing)))
        {
            _problems.Add(missing);
        }

        double exact = TensorPrimitives.Dot(row.Vector.Span, row.Vector.Span);
        StoreHit? own = answer.Hits.FirstOrDefault(hit => hit.Item.Id == row.Id);
        if (own is not null && Math.Abs(own.Score - exact) <= Tolerance)
        {
            return true;
        }

        // Of many images that score alike any may come first.
        if (own is null && answer.Hits.Count == Depth && answer.Hits[^1].Score >= exact - Tolerance)
        {
            return true;
        }

        Add(own is null
            ? (FormattableString)$"A search for the row of '{row.Id}' does not find it among the first {Depth}."
            : $"A search for the row of '{row.Id}' gives it the score {own.Score}, exactly it is {exact}.");
        return false;
    }

    private StoreRow RowOf(int ordinal, StoreDescription description)
    {
        StoreRow row = _gallery.StoreRowAt(ordinal, description.Beta, _emptyText.Span);
        return description.KeepsParts ? row : new StoreRow(row.Item, row.Vector);
    }

    private void Add(FormattableString sentence) => _problems.Add(sentence.ToString(CultureInfo.InvariantCulture));
}
