using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>One folding of the gallery, as the manifest describes it.</summary>
/// <param name="Number">Its number, from 1; part of its keys, and never used again.</param>
/// <param name="Description">What its rows are; without moments.</param>
/// <param name="RowsOfShards">How many rows each shard has when it is whole; all 0 while the folding is written for the first time.</param>
internal sealed record RedisFoldingState(int Number, StoreDescription Description, IReadOnlyList<long> RowsOfShards);
