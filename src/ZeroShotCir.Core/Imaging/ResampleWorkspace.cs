namespace ZeroShotCir.Imaging;

/// <summary>The weights of the axes that were resampled last, so that images of one size compute them once.</summary>
/// <remarks>Serves one caller at a time.</remarks>
internal sealed class ResampleWorkspace
{
    private const int Axes = 16;

    /// <summary>Weights that take more room than this are not kept.</summary>
    private const int MaxKeptWeights = 1 << 18;

    private readonly List<ResampleWeights> _kept = new(Axes);
    private int _oldest;

    /// <summary>The weights of an axis, valid until the next but <see cref="Axes"/> call.</summary>
    public ResampleWeights WeightsOf(ResampleAxis axis, ResampleFilter filter)
    {
        foreach (ResampleWeights kept in _kept)
        {
            if (kept.Axis == axis && kept.Filter == filter)
            {
                return kept;
            }
        }

        if (_kept.Count < Axes)
        {
            _oldest = _kept.Count;
            _kept.Add(new ResampleWeights());
        }

        ResampleWeights weights = _kept[_oldest];
        weights.Compute(axis, filter);
        if (weights.Capacity > MaxKeptWeights)
        {
            _kept[_oldest] = new ResampleWeights();
        }

        _oldest = (_oldest + 1) % Axes;
        return weights;
    }
}
