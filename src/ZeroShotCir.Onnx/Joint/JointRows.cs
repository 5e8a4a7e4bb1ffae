using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>One picture on its way into patches: its rows are resized as they come. What comes smaller is resized to what the whole picture would be.</summary>
internal sealed class JointRows(JointPixels pixels) : IImageRowReceiver, IDisposable
{
    private ImageSize? _whole;
    private ImageSize _target;
    private byte[] _resized = [];
    private RowResampler? _resampler;

    public ImageSize LeastSize(int width, int height, ExifOrientation orientation)
    {
        UprightPixels upright = new(orientation, width, height);
        _whole = new ImageSize(upright.Width, upright.Height);
        ImageSize target = pixels.TargetOf(upright.Width, upright.Height);
        return ReducedSize.Least(upright, target.Width, target.Height);
    }

    public void Begin(int width, int height, ExifOrientation orientation)
    {
        Dispose();
        UprightPixels upright = new(orientation, width, height);
        ImageSize whole = _whole ?? new ImageSize(upright.Width, upright.Height);
        _target = pixels.TargetOf(whole.Width, whole.Height);
        ResampleAxis columns = ResampleAxis.Whole(upright.Width, _target.Width) with { IsMirrored = upright.AreColumnsMirrored };
        ResampleAxis rows = ResampleAxis.Whole(upright.Height, _target.Height) with { IsMirrored = upright.AreRowsMirrored };
        _resized = new byte[3 * _target.Width * _target.Height];
        _resampler = RowResampler.Create(
            ResampleWeights.Compute(columns, pixels.Filter), ResampleWeights.Compute(rows, pixels.Filter), pixels.Order, upright.IsTransposed, _resized);
    }

    public void Add(ReadOnlySpan<byte> rows) => _resampler!.Add(rows);

    /// <summary>Writes the patches when all rows have come.</summary>
    /// <param name="patches">As <see cref="JointPixels.Write"/> takes them.</param>
    /// <param name="positions">As <see cref="JointPixels.Write"/> takes them.</param>
    /// <returns>The number of soft tokens.</returns>
    public int Write(Span<float> patches, Span<long> positions)
    {
        _resampler!.Finish();
        return pixels.Write(_resized, _target, patches, positions);
    }

    public void Dispose()
    {
        _resampler?.Dispose();
        _resampler = null;
    }
}
