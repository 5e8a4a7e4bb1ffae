using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>One picture on its way into the input of a model: its rows are padded, resized and cropped as they come.</summary>
/// <param name="preprocessor">What is done.</param>
/// <param name="destination">The preprocessed pixels; written while rows come.</param>
internal sealed class PreprocessedRows(ImagePreprocessor preprocessor, Memory<byte> destination) : IImageRowReceiver, IDisposable
{
    private ImageSize? _whole;
    private RowResampler? _resampler;
    private bool _isFilled;

    /// <summary>The size of the whole upright picture; that of nothing before it begins.</summary>
    public ImageSize Size { get; private set; }

    public ImageSize LeastSize(int width, int height, ExifOrientation orientation)
    {
        UprightPixels upright = new(orientation, width, height);
        _whole = new ImageSize(upright.Width, upright.Height);
        if (preprocessor.Settings.Padding is not null)
        {
            return new ImageSize(width, height); // The borders are as many pixels as the whole picture asks for.
        }

        (ResampleAxis columns, ResampleAxis rows) = PreprocessingGeometry.Measure(preprocessor.Settings, upright.Width, upright.Height);
        return ReducedSize.Least(upright, columns.Resized, rows.Resized);
    }

    public void Begin(int width, int height, ExifOrientation orientation)
    {
        Dispose();
        UprightPixels upright = new(orientation, width, height);
        Size = _whole ?? new ImageSize(upright.Width, upright.Height);

        // What comes smaller is resized to what the whole picture would be.
        (ResampleAxis columns, ResampleAxis rows) = PreprocessingGeometry.Measure(preprocessor.Settings, Size.Width, Size.Height);
        (columns, rows) = (columns with { Source = upright.Width }, rows with { Source = upright.Height });
        _isFilled = columns.Computed == preprocessor.Width && rows.Computed == preprocessor.Height;
        if (columns.Computed > 0 && rows.Computed > 0)
        {
            ResampleWeights horizontal = preprocessor.WeightsOf(columns with { IsMirrored = upright.AreColumnsMirrored });
            ResampleWeights vertical = preprocessor.WeightsOf(rows with { IsMirrored = upright.AreRowsMirrored });
            _resampler = RowResampler.Create(horizontal, vertical, preprocessor.Settings.ResizeOrder, upright.IsTransposed, destination);
        }
    }

    public void Add(ReadOnlySpan<byte> rows) => _resampler?.Add(rows);

    /// <summary>Ends the preprocessed pixels when all rows have come.</summary>
    public void Finish()
    {
        if (!_isFilled)
        {
            destination.Span.Fill(preprocessor.Settings.FillValue);
        }

        _resampler?.Finish();
    }

    public void Dispose()
    {
        _resampler?.Dispose();
        _resampler = null;
    }
}
