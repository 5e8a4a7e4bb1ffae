namespace ZeroShotCir.Galleries.Stores;

/// <summary>
/// What a store says of the rows that it holds, so that only what differs from a gallery is pushed, and a push that was cut off goes on.
/// An <see cref="IGalleryStore"/> that can offers it by <see cref="IGalleryStore.GetService"/>.
/// </summary>
/// <remarks>
/// A store writes the digest of a row after the row itself, and deletes it before: what was half written has another digest or none, and is
/// written again.
/// </remarks>
public interface IStoreDigests
{
    /// <summary>In how many parts the digests are read; an id is in the part that <see cref="GalleryShard.IndexOf"/> says.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>At least 1.</returns>
    ValueTask<int> CountShardsAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the digests of the rows of one part.</summary>
    /// <param name="shard">The part, from 0.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each id the <see cref="StoreRow.ComputeDigest"/> that was written with it.</returns>
    ValueTask<IReadOnlyDictionary<string, ulong>> ReadDigestsAsync(int shard, CancellationToken cancellationToken = default);
}
