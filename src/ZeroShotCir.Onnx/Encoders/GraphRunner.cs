using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Errors;
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
    private readonly object _gate = new();
    private readonly Stack<EncoderBatch> _free = [];
    private int _inUse;
    private bool _disposed;

    public GraphRunner(Type owner, OnnxSession session, EncoderGraph graph, ImageSize? imageSize, TextFeed? text, bool mayMixRows, int runsAtOnce)
    {
        _owner = owner;
        Session = session;
        Graph = graph;
        _imageSize = imageSize ?? default;
        _text = text;
        if (text is not null)
        {
            _emptyText = EmptyText(text, graph.FixedStandInLength);
        }

        RowsPerRun = graph.FixedBatch ?? (graph.File.MixesRows is not null && !mayMixRows ? 1 : CheckRows());
        RunsAtOnce = RowsPerRun is null && graph.File.MixesRows is not null ? 1 : runsAtOnce;
        Dimensions = graph.Dimensions ?? Probe();
    }

    /// <summary>The session that runs the graph.</summary>
    public OnnxSession Session { get; }

    /// <summary>The graph.</summary>
    public EncoderGraph Graph { get; }

    /// <summary>
    /// The fewest rows of a run that may take any number. Where a single row goes through other code in ONNX Runtime and differs in its
    /// last bits, an item alone is given beside itself, and its row is the same as in company.
    /// </summary>
    public int FewestRows => RowsPerRun is null && (Graph.File.SetsOneRowApart || !Session.PreparesWeights) ? 2 : 1;

    /// <summary>How many items every run takes; <see langword="null"/> where it may be any number.</summary>
    public int? RowsPerRun { get; }

    /// <summary>How many runs of one batch go at the same time, where each of them has one thread.</summary>
    public int RunsAtOnce { get; }

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

    /// <summary>How many runs so many items take.</summary>
    public int RunsFor(int items) => RowsPerRun is { } rows ? (items + rows - 1) / rows : Math.Clamp(items / FewestRows, 1, RunsAtOnce);

    /// <summary>The shape of an input.</summary>
    public long[] ShapeOf(GraphFeed feed, int rows, int length) => feed.Kind switch
    {
        FeedKind.Pixels when Graph.TakesBytes => [rows, _imageSize.Height, _imageSize.Width, 3],
        FeedKind.Pixels or FeedKind.NoPixels => [RowsOf(feed, rows), 3, _imageSize.Height, _imageSize.Width],
        FeedKind.NoIds or FeedKind.NoMask => [RowsOf(feed, rows), _emptyText.Length],
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
        => checked(RowsOf(feed, items) * ItemElements(feed, _text?.ContextLength ?? 0) * SizeOf(feed.Tensor.ElementType));

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

    /// <summary>The ids of the empty text, at the length that a stand-in must have.</summary>
    private static int[] EmptyText(TextFeed text, int? fixedLength)
    {
        int[] ids = new int[text.ContextLength];
        text.Encode(string.Empty, ids, out int tokens, out _);
        int[] empty = new int[fixedLength ?? tokens];
        empty.AsSpan().Fill(text.PadId ?? 0);
        ids.AsSpan(0, Math.Min(tokens, empty.Length)).CopyTo(empty);
        return empty;
    }

    /// <summary>One stand-in is enough, unless the graph wants as many as there are items.</summary>
    private int RowsOf(GraphFeed feed, int rows)
    {
        OnnxTensor tensor = feed.Tensor;
        return !feed.IsStandIn ? rows
            : tensor.Dimensions[0] != OnnxTensor.Dynamic ? (int)tensor.Dimensions[0]
            : tensor.AxisNames[0].Length > 0 && tensor.AxisNames[0] == Graph.Main.AxisNames[0] ? rows
            : 1;
    }

    /// <summary>What ONNX Runtime worked out of the output's rows, which the file may declare as open.</summary>
    private int? CheckRows()
    {
        OnnxTensor output = Session.Outputs.First(output => output.Name == Graph.Output.Name);
        return output.Dimensions is not [> 0 and long rows, ..] ? null
            : rows == 1 ? 1
            : throw new InvalidModelException(
                $"The graph '{Graph.File.Path}' takes any number of items as '{Graph.Main.Name}', but always writes {rows} rows of '{Graph.Output.Name}': "
                + "it was exported for its example only. Export it again.");
    }

    /// <summary>Runs the graph once on nothing much, because its file does not say how long its embeddings are.</summary>
    private int Probe()
    {
        if (Session.Outputs.First(output => output.Name == Graph.Output.Name).Dimensions is [_, > 0 and long known])
        {
            return checked((int)known);
        }

        int rows = RowsPerRun ?? 1;
        int length = Graph.FixedLength ?? (_text?.PadId is null ? _emptyText.Length : _text.ContextLength);
        List<OrtValue> inputs = [];
        try
        {
            foreach (GraphFeed feed in Graph.Feeds)
            {
                inputs.Add(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, feed.Tensor.ElementType, ShapeOf(feed, rows, length)));
                Span<byte> data = inputs[^1].GetTensorMutableRawData();
                data.Clear();
                FillConstant(feed, data);
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs = Session.Run(
                [.. Graph.Feeds.Select(feed => feed.Tensor.Name)], inputs, [Graph.Output.Name], CancellationToken.None);
            long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
            return shape is [long written, > 0] && written == rows
                ? checked((int)shape[1])
                : throw new InvalidModelException(
                    $"The graph '{Graph.File.Path}' writes '{Graph.Output.Name}' of the shape {string.Join(" × ", shape)} for {rows} item(s); "
                    + "an embedding is batch × dimensions.");
        }
        finally
        {
            inputs.ForEach(value => value.Dispose());
        }
    }
}
