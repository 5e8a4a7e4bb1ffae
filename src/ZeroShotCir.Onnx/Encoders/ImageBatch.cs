using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Decodes and preprocesses the images of a batch straight into the graph's input, on all cores and without allocating.</summary>
/// <remarks>
/// <see cref="Start"/> hands out work to the thread pool and returns; <see cref="Finish"/> helps until none is left. So one
/// batch is prepared while another runs.
/// </remarks>
internal sealed class ImageBatch(GraphRunner runner, IImageDecoder decoder, ImagePreprocessor preprocessor, DecodeLimits limits) : IThreadPoolWorkItem
{
    // Far beyond any index, so that a worker that comes late finds nothing to do.
    private const int Closed = int.MaxValue / 2;
    private readonly object _gate = new();
    private IReadOnlyList<ImageData> _images = [];
    private EncoderBatch _inputs = null!;
    private CancellationToken _cancellationToken;
    private int _next = Closed;
    private int _remaining;
    private int _failedItem;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Where the batch begins in the list.</summary>
    public int First { get; private set; }

    /// <summary>How many images it has.</summary>
    public int Count { get; private set; }

    /// <summary>Begins to prepare images.</summary>
    public void Start(IReadOnlyList<ImageData> images, int first, int count, CancellationToken cancellationToken)
    {
        _inputs = runner.Rent(count);
        (_images, First, Count, _cancellationToken) = (images, first, count, cancellationToken);
        (_remaining, _failedItem, _failure) = (count, int.MaxValue, null);
        Volatile.Write(ref _next, -1);
        for (int i = Math.Min(Environment.ProcessorCount, count); i > 1; i--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
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

        Interlocked.Exchange(ref _next, Closed);
        _cancellationToken.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    /// <summary>Runs the graph and copies the embeddings.</summary>
    public void Run(Span<float> destination)
    {
        _inputs.Run(Count, 0, _cancellationToken);
        for (int i = 0; i < Count; i++)
        {
            Span<float> row = destination.Slice((First + i) * runner.Dimensions, runner.Dimensions);
            _inputs.CopyOutput(i, row);
            EncoderArguments.ThrowIfNotFinite(row, "image", First + i, _images[First + i].Source);
        }
    }

    /// <summary>Gives the inputs back, once every image is prepared.</summary>
    public void End()
    {
        _images = [];
        _failure = null;
        runner.Return(_inputs);
    }

    /// <summary>Prepares images until none is left.</summary>
    public void Execute()
    {
        for (int item; (item = Interlocked.Increment(ref _next)) < Count;)
        {
            try
            {
                if (item < Volatile.Read(ref _failedItem) && !_cancellationToken.IsCancellationRequested)
                {
                    Prepare(_images[First + item], item);
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

    private void Prepare(ImageData image, int item)
    {
        using RgbImage pixels = decoder.Decode(image, limits);
        switch (runner.Graph.Main.ElementType)
        {
            case TensorElementType.UInt8:
                preprocessor.PreprocessToBytes(pixels, _inputs.Item<byte>(0, item, 0));
                break;
            case TensorElementType.Float16:
                Span<Half> halves = _inputs.Item<Half>(0, item, 0);
                float[] rented = ArrayPool<float>.Shared.Rent(halves.Length);
                Span<float> values = rented.AsSpan(0, halves.Length);
                preprocessor.Preprocess(pixels, values);
                TensorPrimitives.ConvertToHalf(values, halves);
                ArrayPool<float>.Shared.Return(rented);
                break;
            default:
                preprocessor.Preprocess(pixels, _inputs.Item<float>(0, item, 0));
                break;
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
