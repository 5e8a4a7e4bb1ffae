using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>One picture on its way into the input of a model: its rows are padded, resized and cropped as they come.</summary>
internal sealed class PreprocessedRows(ImagePreprocessor preprocessor) : IImageRowReceiver, IDisposable
{
    private RowResampler? _resampler;
    private bool _isFilled;

    /// <summary>The size of the upright picture; that of nothing before it begins.</summary>
    public ImageSize Size { get; private set; }

    public void Begin(int width, int height, ExifOrientation orientation)
    {
        Dispose();
        UprightPixels upright = new(orientation, width, height);
        Size = new ImageSize(upright.Width, upright.Height);
        (ResampleAxis columns, ResampleAxis rows) = PreprocessingGeometry.Measure(preprocessor.Settings, upright.Width, upright.Height);
        _isFilled = columns.Computed == preprocessor.Width && rows.Computed == preprocessor.Height;
        if (columns.Computed > 0 && rows.Computed > 0)
        {
            ResampleWeights horizontal = preprocessor.WeightsOf(columns with { IsMirrored = upright.AreColumnsMirrored });
            ResampleWeights vertical = preprocessor.WeightsOf(rows with { IsMirrored = upright.AreRowsMirrored });
            _resampler = RowResampler.Create(horizontal, vertical, preprocessor.Settings.ResizeOrder, upright.IsTransposed);
        }
    }

    public void Add(ReadOnlySpan<byte> rows) => _resampler?.Add(rows);

    /// <summary>Writes the preprocessed pixels when all rows have come.</summary>
    public void Write(Span<byte> destination)
    {
        if (!_isFilled)
        {
            destination.Fill(preprocessor.Settings.FillValue);
        }

        _resampler?.Write(destination);
    }

    public void Dispose()
    {
        _resampler?.Dispose();
        _resampler = null;
    }
}
