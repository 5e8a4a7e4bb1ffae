namespace ZeroShotCir.Embeddings;

/// <summary>A compressed copy of rows in one of two forms: int8 codes, or planes of four bits where these are faster to search.</summary>
internal sealed class CompressedRows
{
    private CompressedRows(QuantizedMatrix? codes, CodePlanes? planes) => (Codes, Planes) = (codes, planes);

    /// <summary>The int8 codes; <see langword="null"/> where there are planes.</summary>
    public QuantizedMatrix? Codes { get; }

    /// <summary>The planes; <see langword="null"/> where there are int8 codes.</summary>
    public CodePlanes? Planes { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => Planes?.Rows ?? Codes!.Rows;

    /// <summary>The number of components of a row.</summary>
    public int Dimensions => Planes?.Dimensions ?? Codes!.Dimensions;

    /// <summary>The mean of the rows.</summary>
    public ReadOnlySpan<float> Mean => (Planes?.Mean ?? Codes!.Mean).Span;

    /// <summary>Takes int8 codes.</summary>
    public static CompressedRows FromCodes(QuantizedMatrix codes) => new(codes, null);

    /// <summary>Takes planes.</summary>
    public static CompressedRows FromPlanes(CodePlanes planes) => new(null, planes);

    /// <summary>Compresses rows in the form that is faster to search.</summary>
    /// <exception cref="InvalidEmbeddingException">A number is NaN or infinite; the message says where.</exception>
    public static CompressedRows Compress(EmbeddingMatrix rows)
        => CompressionPlan.PrefersPlanes(rows) && CodePlanes.TryCompress(rows) is { } planes ? FromPlanes(planes) : FromCodes(QuantizedMatrix.Quantize(rows));
}
