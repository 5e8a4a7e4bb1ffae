namespace ZeroShotCir.Imaging.Resampling;

/// <summary>The weights of the axes that were asked for last, so that images of one size compute them once.</summary>
/// <remarks>
/// Thread-safe. It only remembers and forgets: weights are immutable, so what a pass was given stays what it was, however
/// many others are asked for meanwhile.
/// </remarks>
internal sealed class ResampleCache
{
    private const int Axes = 32;

    /// <summary>Weights that take more room than this are not kept.</summary>
    private const int MaxKeptWeights = 1 << 18;

    // Replaced as a whole, never changed, so readers need no lock.
    private ResampleWeights[] _kept = [];

    /// <summary>The weights of an axis.</summary>
    /// <exception cref="InvalidImageException">The axis is too long.</exception>
    public ResampleWeights WeightsOf(ResampleAxis axis, ResampleFilter filter)
    {
        ResampleWeights[] kept = Volatile.Read(ref _kept);
        foreach (ResampleWeights weights in kept)
        {
            if (weights.Axis == axis && weights.Filter == filter)
            {
                return weights;
            }
        }

        ResampleWeights computed = ResampleWeights.Compute(axis, filter);
        if (computed.Count <= MaxKeptWeights)
        {
            // Where two threads add at once, one of the two is forgotten, which costs time and nothing else.
            Volatile.Write(ref _kept, [computed, .. kept.AsSpan(0, Math.Min(kept.Length, Axes - 1))]);
        }

        return computed;
    }
}
