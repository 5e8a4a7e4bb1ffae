using System.Runtime.ExceptionServices;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Some images on their way through the graph: prepared on all cores, then run.</summary>
/// <remarks>
/// <see cref="Start"/> hands out work to the thread pool and returns; <see cref="Help"/> takes part in it, and <see cref="Finish"/> waits
/// for the last. So one batch is prepared while another runs, or until it runs. An object serves one batch and is never used again: a
/// worker that comes late, or is held up at any point, only ever sees the numbers of the batch it was called for.
/// </remarks>
internal sealed class ImageBatch : IThreadPoolWorkItem
{
    private readonly GraphRunner _runner;
    private readonly ImagePreparation _preparation;
    private readonly IReadOnlyList<ImageData> _images;
    private readonly EncoderBatch _inputs;
    private readonly CancellationToken _cancellationToken;
    private readonly object _gate = new();
    private int _next = -1;
    private bool _paused;
    private int _remaining;
    private int _failedItem = int.MaxValue;
    private ExceptionDispatchInfo? _failure;

    private readonly bool _toleratesBad;

    private ImageBatch(
        GraphRunner runner, ImagePreparation preparation, IReadOnlyList<ImageData> images, int first, int count, bool toleratesBad, CancellationToken cancellationToken)
    {
        _toleratesBad = toleratesBad;
        _runner = runner;
        _preparation = preparation;
        _images = images;
        First = first;
        Count = count;
        _remaining = count;
        _cancellationToken = cancellationToken;
        _inputs = runner.Rent(count);
    }

    /// <summary>Where the batch begins in the list.</summary>
    public int First { get; }

    /// <summary>How many images it has.</summary>
    public int Count { get; }

    /// <summary>The images that are bad, by their positions in the list, once all are prepared; empty where the first of them ends the call.</summary>
    public SortedList<int, InvalidImageException> Bad { get; } = [];

    /// <summary>Begins to prepare images; end with <see cref="End"/>, after <see cref="Finish"/> or <see cref="Abandon"/>.</summary>
    public static ImageBatch Start(
        GraphRunner runner, ImagePreparation preparation, IReadOnlyList<ImageData> images, int first, int count, bool toleratesBad, CancellationToken cancellationToken)
    {
        ImageBatch batch = new(runner, preparation, images, first, count, toleratesBad, cancellationToken);
        batch.CallWorkers();
        return batch;
    }

    /// <summary>Lets no more images be begun by workers until <see cref="GoOn"/>.</summary>
    public void Pause() => Volatile.Write(ref _paused, true);

    /// <summary>Ends a pause.</summary>
    public void GoOn()
    {
        Volatile.Write(ref _paused, false);
        CallWorkers();
    }

    /// <summary>Prepares images until all of them are begun.</summary>
    public void Help()
    {
        while (PrepareOne())
        {
        }
    }

    /// <summary>Waits until every image is prepared, and meanwhile prepares images of the next batch.</summary>
    /// <exception cref="InvalidImageException">An image is bad; of several, the first.</exception>
    public void Finish(ImageBatch? next)
    {
        while (next is not null && Volatile.Read(ref _remaining) > 0 && next.PrepareOne())
        {
        }

        Wait();
        _cancellationToken.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    /// <summary>Begins no more images, and waits until those that were begun are prepared.</summary>
    public void Abandon()
    {
        Volatile.Write(ref _failedItem, -1);
        Help();
        Wait();
    }

    /// <summary>Runs the graph and copies the embeddings.</summary>
    public void Run(Span<float> destination)
    {
        if (Bad.Count < Count)
        {
            _inputs.Run(Count, 0, _cancellationToken);
        }

        for (int i = 0; i < Count; i++)
        {
            Span<float> row = destination.Slice((First + i) * _runner.Dimensions, _runner.Dimensions);
            if (Bad.ContainsKey(First + i))
            {
                row.Clear();
                continue;
            }

            _inputs.CopyOutput(i, row);
            RowChecks.ThrowIfNotFinite(row, "image", First + i, _images[First + i].Source);
        }
    }

    /// <summary>Gives the inputs back, once every image is prepared.</summary>
    public void End() => _runner.Return(_inputs);

    /// <summary>Prepares images until all of them are begun, or a pause.</summary>
    public void Execute()
    {
        while (!Volatile.Read(ref _paused) && PrepareOne())
        {
        }
    }

    private void CallWorkers()
    {
        for (int i = Math.Min(Environment.ProcessorCount, Count - Math.Max(Volatile.Read(ref _next), 0)); i > 1; i--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <returns>Whether there was one left to begin.</returns>
    private bool PrepareOne()
    {
        int item = Interlocked.Increment(ref _next);
        _preparation.NumberTaken?.Invoke(item, Count);
        if (item >= Count)
        {
            return false;
        }

        try
        {
            if (item < Volatile.Read(ref _failedItem) && !_cancellationToken.IsCancellationRequested)
            {
                _preparation.Write(_images[First + item], _inputs, item);
            }
        }
        catch (Exception e)
        {
            Fail(item, e);
        }
        finally
        {
            lock (_gate)
            {
                if (--_remaining == 0)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }

        return true;
    }

    private void Wait()
    {
        lock (_gate)
        {
            while (_remaining > 0)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private void Fail(int item, Exception error)
    {
        int index = First + item;
        if (error is InvalidImageException)
        {
            string message = _images[index].Source is null ? $"Image {index}: {error.Message}" : error.Message;
            error = new InvalidImageException(message, error) { Index = index };
        }

        if (_toleratesBad && error is InvalidImageException bad)
        {
            _preparation.Clear(_inputs, item);
            lock (_gate)
            {
                Bad.Add(index, bad);
            }

            return;
        }

        lock (_gate)
        {
            if (item < _failedItem)
            {
                Volatile.Write(ref _failedItem, item);
                _failure = ExceptionDispatchInfo.Capture(error);
            }
        }
    }
}
