using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Embeddings;

/// <summary>
/// A compressed copy of an <see cref="EmbeddingMatrix"/> in two planes of four bits a number, coarse and fine: the row less the mean, rotated, is
/// scale · (the coarse code's level − 31½) but for an error of a known length, and with fineScale · (fine − 7½) added but for a much smaller one.
/// </summary>
/// <remarks>
/// The coarse plane is read whole by a scan: tiles of sixteen rows, in which four bytes of a row stand beside four of the next, so that a
/// register holds many rows and no product needs a sum across lanes. Byte <c>4g + j</c> of a row holds component <c>8g + j</c> in its low half,
/// <c>8g + 4 + j</c> in its high one. The scales and errors of the rows follow, so that a scan reads few streams at once. The fine plane is read
/// row by row: byte <c>32b + i</c> of a row holds the components <c>64b + i</c> and <c>64b + 32 + i</c>. <c>docs/certified-scan.md</c> proves the bounds. Immutable.
/// </remarks>
internal sealed class CodePlanes
{
    /// <summary>The number of rows in a tile of the coarse plane.</summary>
    public const int TileRows = 16;

    /// <summary>Longer rows could overflow the integers of a scan.</summary>
    public const int MaxDimensions = 1 << 16;

    /// <summary>How many numbers of <see cref="Bounds"/> a row has.</summary>
    public const int BoundsOfRow = 3;

    /// <summary>Where among them the fine scale is.</summary>
    public const int FineScalePlace = 0;

    /// <summary>Where among them the error of both codes is.</summary>
    public const int FineErrorPlace = 1;

    /// <summary>Where among them the error of the coarse codes is.</summary>
    public const int ErrorPlace = 2;

    /// <summary>The largest code.</summary>
    public const int LargestCode = 15;

    // Of shorter rows squares may be lost in float32.
    private const double SafeLength = 1e-12;

    private CodePlanes(int rows, int dimensions)
    {
        Rows = rows;
        Dimensions = dimensions;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>The coarse plane: tiles of codes, of what a step of each row's levels is worth, and of how far each row is from its coarse codes at most.</summary>
    public required ReadOnlyMemory<byte> Coarse { get; init; }

    /// <summary>The fine plane.</summary>
    public required ReadOnlyMemory<byte> Fine { get; init; }

    /// <summary>
    /// Three numbers a row: what a step of its fine codes is worth, how far it is from both codes at most, and, once more, how far from the coarse ones.
    /// </summary>
    public required ReadOnlyMemory<float> Bounds { get; init; }

    /// <summary>The mean of the rows.</summary>
    public required ReadOnlyMemory<float> Mean { get; init; }

    /// <summary>An upper bound of the length of every row, of what its codes say, and of its errors.</summary>
    public required float MaxLength { get; init; }

    /// <summary>An upper bound of the length of what the coarse codes of any row say.</summary>
    public required float MaxCoarseLength { get; init; }

    /// <summary>An upper bound of the length of what both codes of any row say.</summary>
    public required float MaxCodeLength { get; init; }

    /// <summary>The bytes of a tile.</summary>
    public static int TileBytes(int dimensions) => TileCodeBytes(dimensions) + (2 * TileRows * sizeof(float));

    /// <summary>The bytes of a tile's codes, after which come the scales of its rows and then their errors.</summary>
    public static int TileCodeBytes(int dimensions) => (dimensions + 7) / 8 * 4 * TileRows;

    /// <summary>The bytes of a row of the fine plane.</summary>
    public static int FineBytes(int dimensions) => (dimensions + 63) / 64 * 32;

    /// <summary>What a step of a row's levels is worth.</summary>
    public float Scale(int row)
    {
        ReadOnlySpan<byte> tile = Coarse.Span.Slice(row / TileRows * TileBytes(Dimensions), TileBytes(Dimensions));
        return MemoryMarshal.Cast<byte, float>(tile[TileCodeBytes(Dimensions)..])[row % TileRows];
    }

    /// <summary>How far a row is from its coarse codes at most.</summary>
    public float Error(int row) => Bounds.Span[(BoundsOfRow * row) + ErrorPlace];

    /// <summary>Compresses rows.</summary>
    /// <returns>The planes; <see langword="null"/> where rows are too long for them, in number of components or in length.</returns>
    /// <exception cref="InvalidEmbeddingException">A number is NaN or infinite; the message says where.</exception>
    public static CodePlanes? TryCompress(EmbeddingMatrix rows)
    {
        int dimensions = rows.Dimensions, tiles = (rows.Rows + TileRows - 1) / TileRows;
        if (dimensions > MaxDimensions
            || Math.Max((long)tiles * TileBytes(dimensions), (long)rows.Rows * Math.Max(FineBytes(dimensions), BoundsOfRow * sizeof(float))) > AlignedMemory.MaxLength<byte>())
        {
            return null;
        }

        EmbeddingGuard.ThrowIfNotFinite(rows, "The embedding");
        float[] mean = QuantizedMatrix.MeanOf(rows);
        Memory<byte> coarse = AlignedMemory.Allocate<byte>(tiles * TileBytes(dimensions)), fine = AlignedMemory.Allocate<byte>(rows.Rows * FineBytes(dimensions));
        Memory<float> bounds = AlignedMemory.Allocate<float>(BoundsOfRow * rows.Rows);
        PlaneCoder coder = new(mean);
        double longest = 0, longestCoarse = 0, longestCode = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            if (!coder.TrySet(rows[row]))
            {
                return null;
            }

            coder.PackCoarse(coarse.Span.Slice(row / TileRows * TileBytes(dimensions), TileBytes(dimensions)), row % TileRows);
            coder.PackFine(fine.Span[(row * FineBytes(dimensions))..]);
            Span<float> own = bounds.Span.Slice(BoundsOfRow * row, BoundsOfRow);
            (own[FineScalePlace], own[FineErrorPlace], own[ErrorPlace]) = (coder.FineScale, coder.FineError, coder.Error);
            longestCoarse = Math.Max(longestCoarse, coder.CoarseLength);
            longestCode = Math.Max(longestCode, coder.CodeLength);
            double length = TensorPrimitives.Norm(rows[row]) * (1 + ((dimensions + 16.0) / (1 << 22)));
            length = length < SafeLength ? UnitVector.Length(rows[row]) * (1 + 1e-9) : length;
            longest = Math.Max(Math.Max(longest, length), Math.Max(Math.Max(coder.CoarseLength, coder.CodeLength), coder.Error));
        }

        return new CodePlanes(rows.Rows, dimensions)
        {
            Coarse = coarse,
            Fine = fine,
            Bounds = bounds,
            Mean = mean,
            MaxLength = MathF.BitIncrement((float)longest),
            MaxCoarseLength = MathF.BitIncrement((float)longestCoarse),
            MaxCodeLength = MathF.BitIncrement((float)longestCode),
        };
    }

    /// <summary>Looks at planes that live elsewhere, such as in a mapped file, without reading them.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="coarse">See <see cref="Coarse"/>; likewise the others.</param>
    /// <param name="fine">See <see cref="Fine"/>.</param>
    /// <param name="bounds">See <see cref="Bounds"/>.</param>
    /// <param name="mean">See <see cref="Mean"/>.</param>
    /// <param name="lengths"><see cref="MaxLength"/>, <see cref="MaxCoarseLength"/> and <see cref="MaxCodeLength"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or are none.</exception>
    public static CodePlanes Wrap(
        int rows, ReadOnlyMemory<byte> coarse, ReadOnlyMemory<byte> fine, ReadOnlyMemory<float> bounds, ReadOnlyMemory<float> mean, ReadOnlyMemory<float> lengths)
    {
        long tiles = ((long)rows + TileRows - 1) / TileRows;
        bool fits = mean.Length is > 0 and <= MaxDimensions && coarse.Length == tiles * TileBytes(mean.Length)
            && fine.Length == (long)rows * FineBytes(mean.Length) && bounds.Length == (long)BoundsOfRow * rows && lengths.Length == 3;
        if (!fits)
        {
            throw new ArgumentException(
                $"{coarse.Length} and {fine.Length} bytes of codes, {bounds.Length} bounds, "
                + $"{lengths.Length} lengths and a mean of {mean.Length} components do not fit {rows} rows.", nameof(coarse));
        }

        return !lengths.Span.ContainsAnyExceptInRange(0f, float.MaxValue)
            ? new CodePlanes(rows, mean.Length)
            {
                Coarse = coarse,
                Fine = fine,
                Bounds = bounds,
                Mean = mean,
                MaxLength = lengths.Span[0],
                MaxCoarseLength = lengths.Span[1],
                MaxCodeLength = lengths.Span[2],
            }
            : throw new ArgumentException($"The largest lengths are {lengths.Span[0]}, {lengths.Span[1]} and {lengths.Span[2]}, "
                + "expected finite numbers of at least 0.", nameof(lengths));
    }
}
