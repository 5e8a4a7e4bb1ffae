using System.Numerics.Tensors;
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
    private readonly RunOptions _options = new();
    private readonly List<Binding> _bindings = [];
    private readonly byte[][] _inputs;
    private byte[] _output = [];
    private int _capacity;
    private OnnxSession.Use _use;

    public EncoderBatch(GraphRunner runner)
    {
        _runner = runner;
        _inputs = new byte[runner.Graph.Feeds.Count][];
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

    /// <summary>Runs the graph on the first items.</summary>
    public void Run(int items, int length, CancellationToken cancellationToken)
    {
        int rows = _runner.RowsPerRun ?? Math.Max(items, _runner.FewestRows);
        for (int filler = items; filler < rows && _runner.RowsPerRun is null; filler++)
        {
            CopyItem(0, filler, length);
        }

        for (int start = 0, i = 0; start < items; start += rows, i++)
        {
            if (i == _bindings.Count)
            {
                _bindings.Add(new Binding(_use.CreateBinding()));
            }

            Bind(_bindings[i], start, rows, length);
            _use.Run(_bindings[i].Native, _options, cancellationToken);
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

    public void Dispose()
    {
        Unbind();
        _options.Dispose();
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
        if (binding.Rows == rows && binding.Length == length)
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
        (binding.Rows, binding.Length) = (rows, length);
    }

    /// <summary>The array is pinned from its allocation on, so its address may be handed out.</summary>
    private static OrtValue Wrap(byte[] buffer, int offset, TensorElementType type, long[] shape)
    {
        long bytes = shape.Aggregate(1L, (product, size) => product * size) * GraphRunner.SizeOf(type);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, Marshal.UnsafeAddrOfPinnedArrayElement(buffer, offset), bytes);
    }

    private sealed class Binding(OrtIoBinding native) : IDisposable
    {
        public OrtIoBinding Native { get; } = native;

        public List<OrtValue> Values { get; } = [];

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
        }
    }
}
