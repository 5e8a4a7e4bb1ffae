namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>Random numbers that are the same on every platform and in every version: SplitMix64 (Steele, Lea, Flood 2014).</summary>
internal struct QueryDraw(int seed)
{
    private ulong _state = (ulong)seed;

    public ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1; the bias of the multiplication is below 2⁻³² per number.</summary>
    public int Next(int count) => (int)(((NextBits() >> 32) * (ulong)count) >> 32);
}
