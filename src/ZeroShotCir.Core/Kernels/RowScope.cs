namespace ZeroShotCir.Kernels;

/// <summary>Which rows a scan may return.</summary>
/// <param name="Excluded">Rows that must not be returned, in any order.</param>
/// <param name="Allowed">One bit per row; empty allows all.</param>
internal readonly record struct RowScope(ReadOnlyMemory<int> Excluded, ReadOnlyMemory<ulong> Allowed);
