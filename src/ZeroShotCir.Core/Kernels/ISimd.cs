namespace ZeroShotCir.Kernels;

/// <summary>The few vector operations of a tile, so that it is written once for every width.</summary>
/// <typeparam name="TFloat">A vector of floats.</typeparam>
/// <typeparam name="TInt">A vector of as many ints.</typeparam>
internal interface ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    /// <summary>The number of floats in a vector; at most 16.</summary>
    static abstract int Width { get; }

    /// <summary>Reads a vector of floats.</summary>
    static abstract TFloat Load(ref readonly float source, nuint index);

    /// <summary>Reads four consecutive components of as many rows as a vector is wide, and turns them into columns.</summary>
    /// <param name="rows">The first of the components of the first row.</param>
    /// <param name="length">How far apart two rows begin.</param>
    /// <param name="column0">Receives the first component of each row.</param>
    /// <param name="column1">Receives the second.</param>
    /// <param name="column2">Receives the third.</param>
    /// <param name="column3">Receives the fourth.</param>
    static abstract void LoadColumns(
        ref readonly float rows, nuint length, out TFloat column0, out TFloat column1, out TFloat column2, out TFloat column3);

    /// <summary>Reads a vector of ints.</summary>
    static abstract TInt Load(ref readonly int source, nuint index);

    /// <summary>A vector of one float.</summary>
    static abstract TFloat Broadcast(float value);

    /// <summary>A vector of one int.</summary>
    static abstract TInt Broadcast(int value);

    /// <summary>Writes a vector of floats.</summary>
    static abstract void Store(TFloat value, ref float destination, nuint index);

    /// <summary>Writes a vector of ints.</summary>
    static abstract void Store(TInt value, ref int destination, nuint index);

    /// <summary><paramref name="left"/> · <paramref name="right"/> + <paramref name="addend"/>, rounded once, so that it is the same number on every processor.</summary>
    static abstract TFloat MultiplyAdd(TFloat left, TFloat right, TFloat addend);

    /// <summary>Adds to each int the product of its two int16 halves with those of the other, low with low and high with high.</summary>
    static abstract TInt AddPairs(TInt addend, TInt left, TInt right);

    /// <summary>Rounds floats of at most 32,767 to int16 and puts two into each int, the first in its low half.</summary>
    static abstract TInt ToPairs(TFloat low, TFloat high);

    /// <summary>The nearest floats.</summary>
    static abstract TFloat ToFloat(TInt value);

    /// <summary>A bit for each lane that is not smaller than the bound (so also for NaN).</summary>
    static abstract ulong NotLess(TFloat value, TFloat bound);

    /// <summary><paramref name="left"/> · <paramref name="right"/>.</summary>
    static abstract TFloat Multiply(TFloat left, TFloat right);
}
