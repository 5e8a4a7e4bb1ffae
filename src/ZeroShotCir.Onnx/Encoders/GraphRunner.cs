using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>A loaded encoder graph: the shapes of its inputs, and reusable batches to run it on.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class GraphRunner : IDisposable
{
    private readonly Type _owner;
    private readonly ImageSize _imageSize;
    private readonly TextFeed? _text;
    private readonly int[] _emptyText = [0];
    private readonly int _emptyImages;
    private readonly object _gate = new();
    private readonly Stack<EncoderBatch> _free = [];
    private int _inUse;
    private bool _disposed;

    public GraphRunner(Type owner, OnnxSession session, EncoderGraph graph, ImageSize? imageSize, TextFeed? text, int emptyImages)
    {
        _owner = owner;
        Session = session;
        Graph = graph;
        _imageSize = imageSize ?? default;
        _text = text;
        _emptyImages = emptyImages;
        if (text is not null)
        {
            int[] ids = new int[text.ContextLength];
            int length = text.Encode(string.Empty, ids, out int tokens, out _);
            bool isFixed = graph.Feeds.Any(feed => feed.Kind == FeedKind.NoIds && feed.Tensor.Dimensions is [_, > 0]);
            _emptyText = ids[..(isFixed ? length : tokens)];
        }

        Dimensions = graph.Dimensions ?? Probe();
    }

    /// <summary>The session that runs the graph.</summary>
    public OnnxSession Session { get; }

    /// <summary>The graph.</summary>
    public EncoderGraph Graph { get; }

    /// <summary>The number of components of an embedding.</summary>
    public int Dimensions { get; }

    /// <summary>The size of a number.</summary>
    public static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.UInt8 => 1,
        TensorElementType.Float16 => 2,
        TensorElementType.Int64 => 8,
        _ => 4,
    };

    /// <summary>Writes an integer in the type that the graph wants.</summary>
    public static void WriteInteger(Span<byte> buffer, TensorElementType type, int index, int value)
    {
        if (type == TensorElementType.Int64)
        {
            MemoryMarshal.Cast<byte, long>(buffer)[index] = value;
        }
        else
        {
            MemoryMarshal.Cast<byte, int>(buffer)[index] = value;
        }
    }

    /// <summary>Whether an input is the same for every run.</summary>
    public static bool IsConstant(GraphFeed feed) => feed.Kind is FeedKind.NoPixels or FeedKind.NoIds or FeedKind.NoMask;

    /// <summary>The shape of an input.</summary>
    public long[] ShapeOf(GraphFeed feed, int rows, int length) => feed.Kind switch
    {
        FeedKind.Pixels when Graph.TakesBytes => [rows, _imageSize.Height, _imageSize.Width, 3],
        FeedKind.Pixels => [rows, 3, _imageSize.Height, _imageSize.Width],
        FeedKind.NoPixels => [_emptyImages, 3, _imageSize.Height, _imageSize.Width],
        FeedKind.NoIds or FeedKind.NoMask => [rows, _emptyText.Length],
        _ => [rows, length],
    };

    /// <summary>The numbers of one item of an input.</summary>
    public int ItemElements(GraphFeed feed, int length) => feed.Kind switch
    {
        FeedKind.Pixels or FeedKind.NoPixels => 3 * _imageSize.Height * _imageSize.Width,
        FeedKind.NoIds or FeedKind.NoMask => _emptyText.Length,
        _ => length,
    };

    /// <summary>The memory that an input of so many items needs at most.</summary>
    public int BufferBytes(GraphFeed feed, int items)
    {
        int count = feed.Kind == FeedKind.NoPixels ? Math.Max(_emptyImages, 1) : items;
        return checked(count * ItemElements(feed, _text?.ContextLength ?? 0) * SizeOf(feed.Tensor.ElementType));
    }

    /// <summary>Writes an input that never changes.</summary>
    public void FillConstant(GraphFeed feed, Span<byte> buffer)
    {
        if (feed.Kind is not (FeedKind.NoIds or FeedKind.NoMask))
        {
            return;
        }

        for (int i = 0; i < buffer.Length / SizeOf(feed.Tensor.ElementType); i++)
        {
            WriteInteger(buffer, feed.Tensor.ElementType, i, feed.Kind == FeedKind.NoIds ? _emptyText[i % _emptyText.Length] : 1);
        }
    }

    /// <summary>Takes a batch with room for so many items, for this caller alone.</summary>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public EncoderBatch Rent(int items)
    {
        EncoderBatch? batch;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, _owner);
            _free.TryPop(out batch);
            _inUse++;
        }

        batch ??= new EncoderBatch(this);
        try
        {
            batch.Begin(items);
            return batch;
        }
        catch
        {
            batch.Dispose();
            Leave();
            throw;
        }
    }

    /// <summary>Gives a batch back.</summary>
    public void Return(EncoderBatch batch)
    {
        batch.End();
        lock (_gate)
        {
            _free.Push(batch);
        }

        Leave();
    }

    /// <summary>Frees the batches, once those in flight are back, and then the graph unless another encoder uses it too.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            while (_inUse > 0)
            {
                Monitor.Wait(_gate);
            }

            while (_free.TryPop(out EncoderBatch? batch))
            {
                batch.Dispose();
            }
        }

        Session.Dispose();
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_inUse == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Runs the graph once on nothing much, because its file does not say how long its embeddings are.</summary>
    private int Probe()
    {
        if (Session.Outputs.First(output => output.Name == Graph.Output.Name).Dimensions is [_, > 0 and long known])
        {
            return checked((int)known);
        }

        int length = _text?.PadId is null ? _emptyText.Length : _text.ContextLength;
        List<OrtValue> inputs = [];
        try
        {
            foreach (GraphFeed feed in Graph.Feeds)
            {
                inputs.Add(OrtValue.CreateAllocatedTensorValue(
                    OrtAllocator.DefaultInstance, feed.Tensor.ElementType, ShapeOf(feed, Graph.FixedBatch ?? 1, length)));
                Span<byte> data = inputs[^1].GetTensorMutableRawData();
                data.Clear();
                FillConstant(feed, data);
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs = Session.Run(
                [.. Graph.Feeds.Select(feed => feed.Tensor.Name)], inputs, [Graph.Output.Name], CancellationToken.None);
            long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
            return shape is [_, > 0]
                ? checked((int)shape[1])
                : throw new InvalidModelException($"The graph '{Graph.File.Path}' writes '{Graph.Output.Name}' of the shape {string.Join(" × ", shape)}; an embedding is batch × dimensions.");
        }
        finally
        {
            inputs.ForEach(value => value.Dispose());
        }
    }
}
