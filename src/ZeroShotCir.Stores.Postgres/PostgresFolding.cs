using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Postgres;

/// <summary>One folding of the gallery, as the catalog describes it.</summary>
/// <param name="Number">Its number, from 1; part of the name of its table, and never used again.</param>
/// <param name="IsServed">Whether it is searched.</param>
/// <param name="IsHalf">Whether its rows are of half precision.</param>
/// <param name="Description">What its rows are.</param>
internal sealed record PostgresFolding(int Number, bool IsServed, bool IsHalf, StoreDescription Description);
