namespace ZeroShotCir.Imaging.Resampling;

/// <summary>A resize of a picture whose rows come one after the other, as a decoder stores them; the picture itself is never held.</summary>
/// <remarks>Serves one thread and one picture.</remarks>
internal abstract class RowResampler : IDisposable
{
    /// <summary>Prepares a resize in the widest registers the processor has.</summary>
    /// <param name="columns">The weights of the columns of the upright picture, mirrored where they are stored so.</param>
    /// <param name="rows">The weights of its rows.</param>
    /// <param name="order">Which pass runs first.</param>
    /// <param name="isTransposed">Whether what comes as rows are the columns of the upright picture.</param>
    /// <param name="destination">Count of columns × count of rows × 3 bytes of the upright picture; written while rows come, and whole after <see cref="Finish"/>.</param>
    public static RowResampler Create(ResampleWeights columns, ResampleWeights rows, ResizeOrder order, bool isTransposed, Memory<byte> destination)
        => SixteenSums512.IsSupported ? new RowResampler<SixteenSums512>(columns, rows, order, isTransposed, destination)
            : SixteenSums256.IsSupported ? new RowResampler<SixteenSums256>(columns, rows, order, isTransposed, destination)
            : new RowResampler<SixteenSums128>(columns, rows, order, isTransposed, destination);

    /// <summary>Takes the next rows.</summary>
    /// <param name="pixels">Whole stored rows, three bytes a pixel.</param>
    public abstract void Add(ReadOnlySpan<byte> pixels);

    /// <summary>Ends what was begun when all rows have come; what lies outside the resized image stays as it is.</summary>
    public abstract void Finish();

    /// <inheritdoc/>
    public abstract void Dispose();
}
