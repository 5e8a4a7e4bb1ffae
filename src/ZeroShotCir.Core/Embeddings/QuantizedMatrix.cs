namespace ZeroShotCir.Embeddings;

/// <summary>
/// A compressed copy of an <see cref="EmbeddingMatrix"/>, one byte a number, with a proven bound on what the compression lost:
/// row <c>i</c> is <c>mean + scale[i] · codes[i]</c>, and differs from the original row by a vector of length at most <c>errors[i]</c>.
/// </summary>
/// <remarks>
/// <para>
/// A certified search scans this copy, a quarter of the bytes, and scores in float32 only what the bound cannot rule out.
/// Its parts are plain arrays, so that a gallery can store them beside the rows and map them again:
/// <see cref="Codes"/> int8 [rows, dimensions], <see cref="Scales"/> and <see cref="Errors"/> float32 [rows],
/// <see cref="Mean"/> float32 [dimensions], <see cref="MaxLength"/> one float32.
/// </para>
/// <para>Immutable; any number of threads may read it at the same time. <c>docs/certified-scan.md</c> proves the bound.</para>
/// </remarks>
public sealed class QuantizedMatrix
{
    private const int LargestCode = 127;

    private QuantizedMatrix(
        ReadOnlyMemory<sbyte> codes, ReadOnlyMemory<float> scales, ReadOnlyMemory<float> errors, ReadOnlyMemory<float> mean, float maxLength)
    {
        Codes = codes;
        Scales = scales;
        Errors = errors;
        Mean = mean;
        MaxLength = maxLength;
    }

    /// <summary>The number of rows.</summary>
    public int Rows => Scales.Length;

    /// <summary>The number of components of a row.</summary>
    public int Dimensions => Mean.Length;

    /// <summary>The codes, from -127 to 127, row after row.</summary>
    public ReadOnlyMemory<sbyte> Codes { get; }

    /// <summary>What one step of a row's codes is worth; not negative.</summary>
    public ReadOnlyMemory<float> Scales { get; }

    /// <summary>An upper bound of the Euclidean distance between each row and what its codes say; not negative.</summary>
    public ReadOnlyMemory<float> Errors { get; }

    /// <summary>The vector that was subtracted from every row: their mean, in which embeddings of one model resemble each other.</summary>
    public ReadOnlyMemory<float> Mean { get; }

    /// <summary>An upper bound of the length of every original row and of every row less the mean, as the codes say it.</summary>
    public float MaxLength { get; }

    /// <summary>Compresses rows.</summary>
    /// <param name="rows">The rows; every number finite.</param>
    /// <returns>The compressed copy.</returns>
    /// <exception cref="InvalidEmbeddingException">A number is NaN or infinite; the message says where.</exception>
    public static QuantizedMatrix Quantize(EmbeddingMatrix rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EmbeddingGuard.ThrowIfNotFinite(rows, "The embedding");
        float[] mean = MeanOf(rows);
        Memory<sbyte> codes = AlignedMemory.Allocate<sbyte>(checked(rows.Rows * rows.Dimensions));
        float[] scales = new float[rows.Rows];
        float[] errors = new float[rows.Rows];
        double maxLength = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            double length = QuantizeRow(
                rows[row], mean, codes.Span.Slice(row * rows.Dimensions, rows.Dimensions), out scales[row], out errors[row]);
            maxLength = Math.Max(maxLength, length);
        }

        return new QuantizedMatrix(codes, scales, errors, mean, RoundUp(maxLength));
    }

    /// <summary>Looks at a compressed copy that lives elsewhere, such as in a mapped file, without reading it.</summary>
    /// <param name="codes">See <see cref="Codes"/>.</param>
    /// <param name="scales">See <see cref="Scales"/>; its length is the number of rows.</param>
    /// <param name="errors">See <see cref="Errors"/>.</param>
    /// <param name="mean">See <see cref="Mean"/>; its length is the dimension, at least 1.</param>
    /// <param name="maxLength">See <see cref="MaxLength"/>.</param>
    /// <returns>The compressed copy; the memory must stay valid and unchanged while it is used.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or <paramref name="maxLength"/> is not a length.</exception>
    public static QuantizedMatrix Wrap(
        ReadOnlyMemory<sbyte> codes, ReadOnlyMemory<float> scales, ReadOnlyMemory<float> errors, ReadOnlyMemory<float> mean, float maxLength)
    {
        if (mean.IsEmpty || codes.Length != (long)scales.Length * mean.Length || errors.Length != scales.Length)
        {
            throw new ArgumentException(
                $"{codes.Length} codes, {scales.Length} scales, {errors.Length} errors and a mean of {mean.Length} components do not fit; " +
                "expected rows × dimensions codes, a scale and an error per row, and a mean of at least one component.",
                nameof(codes));
        }

        if (!(maxLength >= 0) || float.IsInfinity(maxLength))
        {
            throw new ArgumentException($"The largest length is {maxLength}, expected a finite number of at least 0.", nameof(maxLength));
        }

        return new QuantizedMatrix(codes, scales, errors, mean, maxLength);
    }

    internal static float[] MeanOf(EmbeddingMatrix rows)
    {
        double[] sum = new double[rows.Dimensions];
        for (int row = 0; row < rows.Rows; row++)
        {
            ReadOnlySpan<float> vector = rows[row];
            for (int d = 0; d < sum.Length; d++)
            {
                sum[d] += vector[d];
            }
        }

        return Array.ConvertAll(sum, s => rows.Rows == 0 ? 0 : (float)(s / rows.Rows));
    }

    private static double QuantizeRow(ReadOnlySpan<float> row, float[] mean, Span<sbyte> codes, out float scale, out float error)
    {
        double largest = 0;
        for (int d = 0; d < row.Length; d++)
        {
            largest = Math.Max(largest, Math.Abs((double)row[d] - mean[d]));
        }

        scale = (float)(largest / LargestCode);
        double inverse = scale > 0 ? 1.0 / scale : 0;
        double lost = 0, original = 0, kept = 0, centered = 0;
        for (int d = 0; d < row.Length; d++)
        {
            double value = (double)row[d] - mean[d];
            double code = Math.Clamp(Math.Round(value * inverse), -LargestCode, LargestCode);
            codes[d] = (sbyte)code;
            double said = code * scale;
            lost += (value - said) * (value - said);
            centered += value * value;
            kept += said * said;
            original += (double)row[d] * row[d];
        }

        // The sums above are rounded too; the margins are thousands of times what double arithmetic can lose.
        error = RoundUp((Math.Sqrt(lost) * (1 + 1e-9)) + (Math.Sqrt(centered) * 1e-12));
        return Math.Sqrt(Math.Max(original, kept)) * (1 + 1e-9);
    }

    private static float RoundUp(double value) => value == 0 ? 0 : MathF.BitIncrement((float)value);
}
