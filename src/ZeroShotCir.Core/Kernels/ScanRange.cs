namespace ZeroShotCir.Kernels;

/// <summary>Consecutive rows of one block.</summary>
/// <param name="Rows">The index.</param>
/// <param name="Block">The block.</param>
/// <param name="Start">The first row, counted in the block.</param>
/// <param name="Count">How many rows.</param>
internal readonly record struct ScanRange(IndexRows Rows, int Block, int Start, int Count)
{
    /// <summary>The ordinal of the first row.</summary>
    public int FirstOrdinal => Rows.Start(Block) + Start;
}
