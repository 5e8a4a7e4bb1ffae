namespace ZeroShotCir.Kernels;

/// <summary>Lends what is dear to make and serves one at a time: one is kept for the next borrower, the others only until a garbage collection.</summary>
/// <remarks>
/// Thread-safe. A steady state allocates nothing, with however many borrowers at once; what a burst of them needed goes back to the system.
/// </remarks>
/// <typeparam name="T">What is lent.</typeparam>
/// <param name="create">Makes one.</param>
internal sealed class Spares<T>(Func<T> create)
    where T : class
{
    private readonly Lock _gate = new();

    // A place that lent what it held is used again, so that giving back allocates only where more are out than ever.
    private readonly List<WeakReference<T>> _places = [];
    private int _filled;
    private T? _kept;

    /// <summary>Takes one, which nobody else has until it is given back.</summary>
    public T Rent()
    {
        lock (_gate)
        {
            if (_kept is { } kept)
            {
                _kept = null;
                return kept;
            }

            while (_filled > 0)
            {
                WeakReference<T> place = _places[--_filled];
                if (place.TryGetTarget(out T? spare))
                {
                    place.SetTarget(null!);
                    return spare;
                }
            }
        }

        return create();
    }

    /// <summary>Gives one back.</summary>
    public void Return(T spare)
    {
        lock (_gate)
        {
            if (_kept is null)
            {
                _kept = spare;
            }
            else if (_filled < _places.Count)
            {
                _places[_filled++].SetTarget(spare);
            }
            else
            {
                _places.Add(new WeakReference<T>(spare));
                _filled++;
            }
        }
    }
}
