using System.Runtime.ExceptionServices;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Some images on their way through the graph: prepared on all cores, then run.</summary>
/// <remarks>
/// <see cref="Start"/> hands out work to the thread pool and returns; <see cref="Finish"/> helps until none is left. So one
/// batch is prepared while another runs. An object serves one batch and is never used again: a worker that comes late, or is
/// held up at any point, only ever sees the numbers of the batch it was called for.
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

    /// <summary>Begins to prepare images; end with <see cref="End"/>, after <see cref="Finish"/>.</summary>
    public static ImageBatch Start(
        GraphRunner runner, ImagePreparation preparation, IReadOnlyList<ImageData> images, int first, int count, bool toleratesBad, CancellationToken cancellationToken)
    {
        ImageBatch batch = new(runner, preparation, images, first, count, toleratesBad, cancellationToken);
        for (int i = Math.Min(Environment.ProcessorCount, count); i > 1; i--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(batch, preferLocal: false);
        }

        return batch;
    }

    /// <summary>Helps and waits until every image is prepared.</summary>
    /// <exception cref="InvalidImageException">An image is bad; of several, the first.</exception>
    public void Finish()
    {
        Execute();
        lock (_gate)
        {
            while (_remaining > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        _cancellationToken.ThrowIfCancellationRequested();
        _failure?.Throw();
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

    /// <summary>Prepares images until none is left.</summary>
    public void Execute()
    {
        while (true)
        {
            int item = Interlocked.Increment(ref _next);
            _preparation.NumberTaken?.Invoke(item, Count);
            if (item >= Count)
            {
                return;
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
