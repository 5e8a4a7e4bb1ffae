using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>What one shard answered.</summary>
/// <param name="Hits">Its best items, without vectors.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Failure">Why it did not answer; <see langword="null"/> if it did.</param>
internal sealed record ShardReply(IReadOnlyList<StoreHit> Hits, long Rows, string? Failure);
