namespace ZeroShotCir.Galleries;

/// <summary>A hit that stands for all hits whose images are the same bytes.</summary>
/// <typeparam name="T">What a search returns.</typeparam>
internal sealed class FoldedHit<T>
{
    public FoldedHit(T hit, IReadOnlyList<T> copies)
    {
        Hit = hit;
        Copies = copies;
    }

    /// <summary>The best of them.</summary>
    public T Hit { get; }

    /// <summary>The others, in ranking order; empty where the image is there once.</summary>
    public IReadOnlyList<T> Copies { get; }
}
