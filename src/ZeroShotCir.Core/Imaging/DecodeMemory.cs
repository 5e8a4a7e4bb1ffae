using System.Diagnostics;

namespace ZeroShotCir.Imaging;

/// <summary>The memory that decoded pixels may take at once, whatever the number of threads that decode.</summary>
/// <remarks>
/// Thread-safe. A decoder reserves what a picture takes before it decodes it and waits, first come first served, until others
/// have given back enough. A picture that takes more than the whole budget is decoded while no other is. Nobody waits forever: images
/// that their callers have not disposed two seconds after nothing else was under way no longer count.
/// </remarks>
public sealed class DecodeMemory
{
    private const long SmallestDefault = 512L << 20;
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(2);
    private readonly object _gate = new();
    private readonly TimeSpan _patience;
    private readonly LinkedList<long> _queue = [];

    // Weakly, so that a burst of large pictures leaves nothing behind once the garbage collector comes by.
    private readonly List<WeakReference<byte[]>> _free = [];

    // Not weakly while somebody waits for it: a collection in between would let the next picture take as much again.
    private byte[]? _awaited;
    private long _decoding;
    private long _kept;
    private int _writeOffs;
    private int _openRooms;

    /// <summary>Creates a budget.</summary>
    /// <param name="budget">In bytes; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is less than 1.</exception>
    public DecodeMemory(long budget)
        : this(budget, DefaultPatience)
    {
    }

    internal DecodeMemory(long budget, TimeSpan patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        Budget = budget;
        _patience = patience;
    }

    /// <summary>
    /// The budget that all decoders of the process share unless their options name another: a sixty-fourth of the memory that the process
    /// may use, at least 512 MiB.
    /// </summary>
    public static DecodeMemory Shared { get; } = new(Math.Max(SmallestDefault, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 64));

    /// <summary>The bytes that decoded pixels may take at once.</summary>
    public long Budget { get; }

    /// <summary>The bytes that are reserved now: of pictures being decoded, and of images that were not disposed yet.</summary>
    public long Reserved
    {
        get
        {
            lock (_gate)
            {
                return _decoding + _kept;
            }
        }
    }

    /// <summary>Waits until a picture may be decoded.</summary>
    /// <param name="bytes">What it takes at its peak, pixels included.</param>
    /// <returns>The room; dispose it when the picture is decoded.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public DecodeRoom Reserve(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            LinkedListNode<long> self = _queue.AddLast(bytes);
            try
            {
                while (_queue.First != self || !Fits(bytes))
                {
                    WaitForRoom();
                }

                _decoding += bytes;
                _openRooms++;
            }
            finally
            {
                // Also when the thread is interrupted: those behind must not wait for it.
                _queue.Remove(self);
                Monitor.PulseAll(_gate);
            }
        }

        return new DecodeRoom(this, bytes);
    }

    /// <summary>Room without waiting, for what is made of an image whose owner waited already.</summary>
    internal DecodeRoom Unlimited(long bytes)
    {
        lock (_gate)
        {
            _decoding += bytes;
            _openRooms++;
        }

        return new DecodeRoom(this, bytes);
    }

    /// <summary>An array that was given back and not collected since, which fits and is not twice as long; otherwise a new one.</summary>
    internal byte[] RentLarge(int bytes)
    {
        lock (_gate)
        {
            _awaited = null;
            for (int i = _free.Count - 1; i >= 0; i--)
            {
                if (!_free[i].TryGetTarget(out byte[]? array))
                {
                    _free.RemoveAt(i);
                }
                else if (array.Length >= bytes && array.Length / 2 <= bytes)
                {
                    _free.RemoveAt(i);
                    return array;
                }
            }
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    internal void ReturnLarge(byte[] array)
    {
        lock (_gate)
        {
            _free.Add(new WeakReference<byte[]>(array));
            _awaited = _queue.Count > 0 ? array : null;
        }
    }

    /// <summary>Gives back what was reserved for decoding.</summary>
    internal void EndDecoding(long bytes)
    {
        lock (_gate)
        {
            _decoding -= bytes;
            _openRooms--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Counts reserved bytes as those of an image from now on.</summary>
    /// <returns>What <see cref="EndKeeping"/> wants to know.</returns>
    internal int BeginKeeping(long reserved, long bytes)
    {
        lock (_gate)
        {
            _decoding -= reserved;
            _kept += bytes;
            return _writeOffs;
        }
    }

    /// <summary>Gives back the bytes of an image.</summary>
    internal void EndKeeping(long bytes, int writeOffs)
    {
        lock (_gate)
        {
            if (writeOffs == _writeOffs)
            {
                _kept -= bytes;
                _awaited = _queue.Count > 0 ? _awaited : null;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool Fits(long bytes) => _decoding + _kept == 0 || bytes <= Budget - _decoding - _kept;

    private void WaitForRoom()
    {
        (long decoding, long kept, LinkedListNode<long>? next) = (_decoding, _kept, _queue.First);
        long start = Stopwatch.GetTimestamp();
        TimeSpan left = _patience;
        while (left > TimeSpan.Zero && (decoding, kept, next) == (_decoding, _kept, _queue.First))
        {
            Monitor.Wait(_gate, left);
            left = _patience - Stopwatch.GetElapsedTime(start);
        }

        if (_openRooms == 0 && (decoding, kept, next) == (_decoding, _kept, _queue.First))
        {
            // Nothing is being decoded and nothing was given back: whoever holds the images may be the one who waits.
            _kept = 0;
            _writeOffs++;
            Monitor.PulseAll(_gate);
        }
    }
}
