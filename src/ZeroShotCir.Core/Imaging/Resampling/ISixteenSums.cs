namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Sixteen 32-bit sums, held by as many registers as the processor needs for them.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface ISixteenSums<TSelf>
    where TSelf : struct, ISixteenSums<TSelf>
{
    /// <summary>Whether the processor has the registers and instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Sixteen equal sums to begin with.</summary>
    static abstract TSelf Create(int value);

    /// <summary>Adds the products of sixteen bytes and one weight.</summary>
    static abstract TSelf MultiplyAdd(TSelf sums, ref readonly byte source, int weight);

    /// <summary>Writes the sums as bytes: shifted down by <see cref="ResampleWeights.FractionBits"/> and cut to 0 to 255.</summary>
    static abstract void Store(TSelf sums, ref byte destination);
}
