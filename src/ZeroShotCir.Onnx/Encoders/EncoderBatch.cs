using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Pinned inputs and outputs of a graph, bound once and used again: a run on them allocates nothing.</summary>
/// <remarks>For one thread at a time. Belongs to its runner, which disposes it before the session.</remarks>
internal sealed class EncoderBatch : IDisposable
{
    private readonly GraphRunner _runner;
    private readonly List<Binding> _bindings = [];
    private readonly byte[][] _inputs;
    private byte[] _output = [];
    private int _capacity;
    private OnnxSession.Use _use;
    private bool _mayFail;

    public EncoderBatch(GraphRunner runner)
    {
        _runner = runner;
        _inputs = new byte[runner.Graph.Feeds.Count][];
    }

    /// <summary>Whether runs are tried of which nobody knows whether they succeed: ONNX Runtime writes nothing about failures to the error output then.</summary>
    public bool MayFail
    {
        get => _mayFail;
        set
        {
            Unbind();
            _mayFail = value;
        }
    }

    /// <summary>Begins a use of the session that lasts until <see cref="End"/>, with room for so many items.</summary>
    public void Begin(int items)
    {
        items = Math.Max(items, _runner.FewestRows);
        _use = _runner.Session.BeginUse();
        try
        {
            if (items > _capacity)
            {
                Grow(items);
            }
        }
        catch
        {
            _use.Dispose();
            throw;
        }
    }

    /// <summary>Ends the use.</summary>
    public void End() => _use.Dispose();

    /// <summary>The memory of one item of an input; <paramref name="length"/> is that of texts.</summary>
    public Span<T> Item<T>(int feed, int item, int length)
        where T : unmanaged
    {
        int size = _runner.ItemElements(_runner.Graph.Feeds[feed], length);
        return MemoryMarshal.Cast<byte, T>(_inputs[feed].AsSpan()).Slice(item * size, size);
    }

    /// <summary>The memory of one item of an input of bytes whose items have one length.</summary>
    public Memory<byte> ItemMemory(int feed, int item)
    {
        int size = _runner.ItemElements(_runner.Graph.Feeds[feed], 0);
        return _inputs[feed].AsMemory(item * size, size);
    }

    /// <summary>Writes the ids of a text as an item, filled up to a length, and what else the graph takes with them.</summary>
    public void WriteText(int item, ReadOnlySpan<int> ids, int length, int pad)
    {
        for (int f = 0; f < _inputs.Length; f++)
        {
            GraphFeed feed = _runner.Graph.Feeds[f];
            if (feed.IsStandIn)
            {
                continue;
            }

            Span<byte> row = GraphRunner.SizeOf(feed.Tensor.ElementType) == sizeof(long)
                ? MemoryMarshal.AsBytes(Item<long>(f, item, length))
                : MemoryMarshal.AsBytes(Item<int>(f, item, length));
            for (int i = 0; i < length; i++)
            {
                int value = feed.Kind switch
                {
                    FeedKind.Ids => i < ids.Length ? ids[i] : pad,
                    FeedKind.Mask => i < ids.Length ? 1 : 0,
                    FeedKind.Positions => i,
                    _ => 0,
                };
                GraphRunner.WriteInteger(row, feed.Tensor.ElementType, i, value);
            }
        }
    }

    /// <summary>Runs the graph on the first items.</summary>
    public void Run(int items, int length, CancellationToken cancellationToken)
    {
        for (int filler = items; filler < _runner.FewestRows; filler++)
        {
            CopyItem(0, filler, length);
        }

        items = Math.Max(items, _runner.FewestRows);
        int runs = _runner.RunsFor(items);
        while (_bindings.Count < runs)
        {
            _bindings.Add(new Binding(_use.CreateBinding(), _mayFail));
        }

        if (runs == 1 || _runner.RunsAtOnce == 1)
        {
            for (int run = 0; run < runs; run++)
            {
                Run(run, runs, items, length, cancellationToken);
            }

            return;
        }

        try
        {
            ParallelOptions limits = new() { MaxDegreeOfParallelism = _runner.RunsAtOnce, CancellationToken = cancellationToken };
            Parallel.For(0, runs, limits, run => Run(run, runs, items, length, cancellationToken));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Copies the embedding of an item.</summary>
    public void CopyOutput(int item, Span<float> destination)
    {
        int start = item * destination.Length;
        if (_runner.Graph.Output.ElementType == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(_output).Slice(start, destination.Length), destination);
        }
        else
        {
            MemoryMarshal.Cast<byte, float>(_output).Slice(start, destination.Length).CopyTo(destination);
        }
    }

    public void Dispose() => Unbind();

    private void Run(int run, int runs, int items, int length, CancellationToken cancellationToken)
    {
        (int start, int rows) = _runner.RowsPerRun is { } fixedRows
            ? (run * fixedRows, fixedRows)
            : (items * run / runs, (items * (run + 1) / runs) - (items * run / runs));
        Binding binding = _bindings[run];
        Bind(binding, start, rows, length);
        _use.Run(binding.Native, binding.Options, cancellationToken);
    }

    private void CopyItem(int from, int to, int length)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            GraphFeed feed = _runner.Graph.Feeds[i];
            int size = _runner.ItemElements(feed, length) * GraphRunner.SizeOf(feed.Tensor.ElementType);
            if (!feed.IsStandIn)
            {
                _inputs[i].AsSpan(from * size, size).CopyTo(_inputs[i].AsSpan(to * size, size));
            }
        }
    }

    private void Unbind()
    {
        _bindings.ForEach(binding => binding.Dispose());
        _bindings.Clear();
    }

    private void Grow(int items)
    {
        Unbind();
        int rows = _runner.RowsPerRun ?? 1;
        int capacity = (items + rows - 1) / rows * rows;
        for (int i = 0; i < _inputs.Length; i++)
        {
            GraphFeed feed = _runner.Graph.Feeds[i];
            _inputs[i] = GC.AllocateArray<byte>(_runner.BufferBytes(feed, capacity), pinned: true);
            _runner.FillConstant(feed, _inputs[i]);
        }

        _output = GC.AllocateArray<byte>(capacity * _runner.Dimensions * GraphRunner.SizeOf(_runner.Graph.Output.ElementType), pinned: true);
        _capacity = capacity;
    }

    private void Bind(Binding binding, int start, int rows, int length)
    {
        if (binding.Start == start && binding.Rows == rows && binding.Length == length)
        {
            return;
        }

        binding.Release();
        for (int i = 0; i < _inputs.Length; i++)
        {
            GraphFeed feed = _runner.Graph.Feeds[i];
            int rowBytes = feed.IsStandIn ? 0 : _runner.ItemElements(feed, length) * GraphRunner.SizeOf(feed.Tensor.ElementType);
            OrtValue input = Wrap(_inputs[i], start * rowBytes, feed.Tensor.ElementType, _runner.ShapeOf(feed, rows, length));
            binding.Values.Add(input);
            binding.Native.BindInput(feed.Tensor.Name, input);
        }

        OnnxTensor tensor = _runner.Graph.Output;
        OrtValue output = Wrap(_output, start * _runner.Dimensions * GraphRunner.SizeOf(tensor.ElementType), tensor.ElementType, [rows, _runner.Dimensions]);
        binding.Values.Add(output);
        binding.Native.BindOutput(tensor.Name, output);
        (binding.Start, binding.Rows, binding.Length) = (start, rows, length);
    }

    /// <summary>The array is pinned from its allocation on, so its address may be handed out.</summary>
    private static OrtValue Wrap(byte[] buffer, int offset, TensorElementType type, long[] shape)
    {
        long bytes = shape.Aggregate(1L, (product, size) => product * size) * GraphRunner.SizeOf(type);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, Marshal.UnsafeAddrOfPinnedArrayElement(buffer, offset), bytes);
    }

    private sealed class Binding(OrtIoBinding native, bool mayFail) : IDisposable
    {
        public OrtIoBinding Native { get; } = native;

        /// <summary>Its own: ending one run must not end the one beside it.</summary>
        public RunOptions Options { get; } = new()
        {
            LogSeverityLevel = mayFail ? OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL : OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        public List<OrtValue> Values { get; } = [];

        public int Start { get; set; }

        public int Rows { get; set; }

        public int Length { get; set; }

        public void Release()
        {
            Native.ClearBoundInputs();
            Native.ClearBoundOutputs();
            Values.ForEach(value => value.Dispose());
            Values.Clear();
            Rows = 0;
        }

        public void Dispose()
        {
            Release();
            Native.Dispose();
            Options.Dispose();
        }
    }
}
