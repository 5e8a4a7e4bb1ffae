using ZeroShotCir.Composition;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>
/// Brings a store up to date with a gallery: writes what is new, changed, lost or half written, deletes what the gallery has no more, and
/// refolds the store where another caption weight is wanted.
/// </summary>
/// <remarks>
/// <para>
/// What a push did not finish, the next one finishes: the gallery is the truth, and a store that says what it holds
/// (<see cref="IStoreDigests"/>) is only sent what differs. Others are sent everything, which changes nothing that is right already.
/// </para>
/// <para>
/// From the first row to the last the store says that it is not whole (<see cref="StoreDescription.IsWhole"/>). Another caption weight is
/// written beside the rows that are served, which stay whole until then (<see cref="IRefoldableStore"/>).
/// </para>
/// <para>Not for concurrent use. Two pushes of one gallery do the same work twice and harm nothing.</para>
/// </remarks>
public sealed class StorePush
{
    private readonly Gallery _gallery;
    private readonly StorePushOptions _options;

    /// <summary>Creates a push.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="options">How to fold and write; <see langword="null"/> for the defaults.</param>
    public StorePush(Gallery gallery, StorePushOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        _gallery = gallery;
        _options = options ?? new StorePushOptions();
    }

    /// <summary>Pushes the gallery.</summary>
    /// <param name="store">The store.</param>
    /// <param name="progress">Told how many items are as they should be.</param>
    /// <param name="cancellationToken">Stops the work; what was written stays, and the next push goes on from there.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="InvalidGalleryException">The store holds rows of another model or dimension, or of another folding and cannot be refolded.</exception>
    public async Task<StorePushResult> RunAsync(IGalleryStore store, IProgress<StorePushProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        // A push is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        StoreDescription? existing = await store.GetDescriptionAsync(cancellationToken).ConfigureAwait(false);
        StoreDescription wanted = Wanted(existing);
        existing?.ThrowIfOtherModel(wanted, store.Name);
        if (existing is null || existing.IsFoldedAs(wanted))
        {
            return await WriteAsync(store, wanted, existing, false, progress, cancellationToken).ConfigureAwait(false);
        }

        if (store.GetService(typeof(IRefoldableStore)) is not IRefoldableStore refoldable)
        {
            existing.ThrowIfOther(wanted, store.Name);
            throw new NotSupportedException($"The store '{store.Name}' cannot hold a second folding.");
        }

        IGalleryStore staged = await refoldable.StageAsync(wanted.With(false, null, 0, null, null), cancellationToken).ConfigureAwait(false);
        StoreDescription? begun = await staged.GetDescriptionAsync(cancellationToken).ConfigureAwait(false);
        StorePushResult result = await WriteAsync(staged, wanted, begun, true, progress, cancellationToken).ConfigureAwait(false);
        await refoldable.ServeStagedAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    private StoreDescription Wanted(StoreDescription? existing)
        => new(_gallery.Dimensions, _options.Beta ?? existing?.Beta ?? _gallery.StoredBeta ?? Folding.DefaultBeta)
        {
            Model = _gallery.Model,
            MissingCaptions = _options.EmptyText.IsEmpty ? MissingCaptions.ImageOnly : MissingCaptions.EmptyText,
            KeepsParts = _options.KeepParts,
        };

    private async Task<StorePushResult> WriteAsync(
        IGalleryStore store, StoreDescription wanted, StoreDescription? existing, bool isRefolded, IProgress<StorePushProgress>? progress, CancellationToken cancellationToken)
    {
        StoreDescription begun = wanted.With(false, existing?.Rows, existing?.Generation ?? 0, existing?.Images, existing?.Captions);
        await store.SetDescriptionAsync(begun, cancellationToken).ConfigureAwait(false);
        IStoreDigests? digests = (IStoreDigests?)store.GetService(typeof(IStoreDigests));
        int shards = digests is null ? 1 : await digests.CountShardsAsync(cancellationToken).ConfigureAwait(false);
        StorePushWriter writer = new(store, _gallery, wanted, _options, progress);
        foreach (IReadOnlyList<int> ordinals in OrdinalsOf(shards))
        {
            IReadOnlyDictionary<string, ulong>? known = digests is null ? null : await digests.ReadDigestsAsync(writer.Shards++, cancellationToken).ConfigureAwait(false);
            await writer.WriteAsync(ordinals, known, cancellationToken).ConfigureAwait(false);
        }

        StoreDescription whole = wanted.With(true, _gallery.Count, _gallery.Generation, writer.Images, writer.Captions);
        await store.SetDescriptionAsync(whole, cancellationToken).ConfigureAwait(false);
        return new StorePushResult(writer.Written, writer.Unchanged, writer.Deleted, isRefolded, whole);
    }

    private List<int>[] OrdinalsOf(int shards)
    {
        List<int>[] ordinals = [.. Enumerable.Range(0, shards).Select(_ => new List<int>())];
        for (int ordinal = 0; ordinal < _gallery.OrdinalCount; ordinal++)
        {
            if (!_gallery.IsRemoved(ordinal))
            {
                ordinals[shards == 1 ? 0 : GalleryShard.IndexOf(_gallery.IdOf(ordinal), shards)].Add(ordinal);
            }
        }

        return ordinals;
    }
}
