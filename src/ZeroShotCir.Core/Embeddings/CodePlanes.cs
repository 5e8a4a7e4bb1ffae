using System.Numerics.Tensors;

namespace ZeroShotCir.Embeddings;

/// <summary>
/// A compressed copy of an <see cref="EmbeddingMatrix"/> in two planes of four bits a number, coarse and fine: the row less the mean, rotated,
/// is scale · (coarse − 7½) but for an error of a known length, and with fineScale · (fine − 7½) added but for a much smaller one.
/// </summary>
/// <remarks>
/// The coarse plane is read whole by a scan: tiles of sixteen rows, in which four bytes of a row stand beside four of the next, so that a
/// register holds many rows and no product needs a sum across lanes. Byte <c>4g + j</c> of a row holds component <c>8g + j</c> in its low half,
/// <c>8g + 4 + j</c> in its high one. The fine plane is read row by row: byte <c>32b + i</c> of a row holds the components <c>64b + i</c> and
/// <c>64b + 32 + i</c>. <c>docs/certified-scan.md</c> proves the bounds. Immutable.
/// </remarks>
internal sealed class CodePlanes
{
    /// <summary>The number of rows in a tile of the coarse plane.</summary>
    public const int TileRows = 16;

    /// <summary>Longer rows could overflow the integers of a scan.</summary>
    public const int MaxDimensions = 1 << 16;

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

    /// <summary>The coarse plane.</summary>
    public required ReadOnlyMemory<byte> Coarse { get; init; }

    /// <summary>What a step of each row's coarse codes is worth; filled up with zeros to a whole tile.</summary>
    public required ReadOnlyMemory<float> Scales { get; init; }

    /// <summary>How far each row is from its coarse codes at most; filled up like the scales.</summary>
    public required ReadOnlyMemory<float> Errors { get; init; }

    /// <summary>The fine plane.</summary>
    public required ReadOnlyMemory<byte> Fine { get; init; }

    /// <summary>What a step of each row's fine codes is worth, and how far the row is from both codes at most: two numbers a row.</summary>
    public required ReadOnlyMemory<float> FineBounds { get; init; }

    /// <summary>The mean of the rows.</summary>
    public required ReadOnlyMemory<float> Mean { get; init; }

    /// <summary>An upper bound of the length of every row, of what its codes say, and of its errors.</summary>
    public required float MaxLength { get; init; }

    /// <summary>An upper bound of the length of what the coarse codes of any row say.</summary>
    public required float MaxCoarseLength { get; init; }

    /// <summary>An upper bound of the length of what both codes of any row say.</summary>
    public required float MaxCodeLength { get; init; }

    /// <summary>The bytes of a tile.</summary>
    public static int TileBytes(int dimensions) => (dimensions + 7) / 8 * 4 * TileRows;

    /// <summary>The bytes of a row of the fine plane.</summary>
    public static int FineBytes(int dimensions) => (dimensions + 63) / 64 * 32;

    /// <summary>Compresses rows.</summary>
    /// <returns>The planes; <see langword="null"/> where rows are too long for them, in number of components or in length.</returns>
    /// <exception cref="InvalidEmbeddingException">A number is NaN or infinite; the message says where.</exception>
    public static CodePlanes? TryCompress(EmbeddingMatrix rows)
    {
        int dimensions = rows.Dimensions, tiles = (rows.Rows + TileRows - 1) / TileRows;
        if (dimensions > MaxDimensions || Math.Max((long)tiles * TileBytes(dimensions), (long)rows.Rows * FineBytes(dimensions)) > AlignedMemory.MaxLength<byte>())
        {
            return null;
        }

        EmbeddingGuard.ThrowIfNotFinite(rows, "The embedding");
        float[] mean = QuantizedMatrix.MeanOf(rows);
        Memory<byte> coarse = AlignedMemory.Allocate<byte>(tiles * TileBytes(dimensions)), fine = AlignedMemory.Allocate<byte>(rows.Rows * FineBytes(dimensions));
        Memory<float> fineBounds = AlignedMemory.Allocate<float>(2 * rows.Rows);
        float[] scales = new float[tiles * TileRows], errors = new float[scales.Length];
        PlaneCoder coder = new(mean);
        double longest = 0, longestCoarse = 0, longestCode = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            if (!coder.TrySet(rows[row]))
            {
                return null;
            }

            coder.PackCoarse(coarse.Span[(row / TileRows * TileBytes(dimensions))..], row % TileRows);
            coder.PackFine(fine.Span[(row * FineBytes(dimensions))..]);
            (scales[row], errors[row]) = (coder.Scale, coder.Error);
            (fineBounds.Span[2 * row], fineBounds.Span[(2 * row) + 1]) = (coder.FineScale, coder.FineError);
            longestCoarse = Math.Max(longestCoarse, coder.CoarseLength);
            longestCode = Math.Max(longestCode, coder.CodeLength);
            double length = TensorPrimitives.Norm(rows[row]) * (1 + ((dimensions + 16.0) / (1 << 22)));
            length = length < SafeLength ? UnitVector.Length(rows[row]) * (1 + 1e-9) : length;
            longest = Math.Max(Math.Max(longest, length), Math.Max(Math.Max(coder.CoarseLength, coder.CodeLength), coder.Error));
        }

        return new CodePlanes(rows.Rows, dimensions)
        {
            Coarse = coarse,
            Scales = scales,
            Errors = errors,
            Fine = fine,
            FineBounds = fineBounds,
            Mean = mean,
            MaxLength = MathF.BitIncrement((float)longest),
            MaxCoarseLength = MathF.BitIncrement((float)longestCoarse),
            MaxCodeLength = MathF.BitIncrement((float)longestCode),
        };
    }

    /// <summary>Looks at planes that live elsewhere, such as in a mapped file, without reading them.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="coarse">See <see cref="Coarse"/>; likewise the others.</param>
    /// <param name="scales">See <see cref="Scales"/>.</param>
    /// <param name="errors">See <see cref="Errors"/>.</param>
    /// <param name="fine">See <see cref="Fine"/>.</param>
    /// <param name="fineBounds">See <see cref="FineBounds"/>.</param>
    /// <param name="mean">See <see cref="Mean"/>.</param>
    /// <param name="lengths"><see cref="MaxLength"/>, <see cref="MaxCoarseLength"/> and <see cref="MaxCodeLength"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or are none.</exception>
    public static CodePlanes Wrap(
        int rows, ReadOnlyMemory<byte> coarse, ReadOnlyMemory<float> scales, ReadOnlyMemory<float> errors,
        ReadOnlyMemory<byte> fine, ReadOnlyMemory<float> fineBounds, ReadOnlyMemory<float> mean, ReadOnlyMemory<float> lengths)
    {
        long tiles = ((long)rows + TileRows - 1) / TileRows;
        bool fits = mean.Length is > 0 and <= MaxDimensions && scales.Length == tiles * TileRows && errors.Length == scales.Length
            && coarse.Length == tiles * TileBytes(mean.Length) && fine.Length == (long)rows * FineBytes(mean.Length) && fineBounds.Length == 2L * rows
            && lengths.Length == 3;
        if (!fits)
        {
            throw new ArgumentException(
                $"{coarse.Length} and {fine.Length} bytes of codes, {scales.Length} scales, {errors.Length} errors, {fineBounds.Length} fine bounds, "
                + $"{lengths.Length} lengths and a mean of {mean.Length} components do not fit {rows} rows.", nameof(coarse));
        }

        return !lengths.Span.ContainsAnyExceptInRange(0f, float.MaxValue)
            ? new CodePlanes(rows, mean.Length)
            {
                Coarse = coarse,
                Scales = scales,
                Errors = errors,
                Fine = fine,
                FineBounds = fineBounds,
                Mean = mean,
                MaxLength = lengths.Span[0],
                MaxCoarseLength = lengths.Span[1],
                MaxCodeLength = lengths.Span[2],
            }
            : throw new ArgumentException($"The largest lengths are {lengths.Span[0]}, {lengths.Span[1]} and {lengths.Span[2]}, "
                + "expected finite numbers of at least 0.", nameof(lengths));
    }
}
