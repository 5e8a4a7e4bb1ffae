using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>Writes small ONNX files, so that layouts of which no file is at hand can be tested on graphs that run.</summary>
internal sealed class OnnxGraph
{
    private const int Opset = 17;
    private readonly ProtobufWriter _graph = new ProtobufWriter().Text(2, "graph");

    /// <summary>Declares an input. A dimension is a number, or a string that names a free axis.</summary>
    public OnnxGraph Input(string name, TensorElementType type, params object[] dimensions)
    {
        _graph.Message(11, Value(name, type, dimensions));
        return this;
    }

    /// <summary>Declares an output.</summary>
    public OnnxGraph Output(string name, TensorElementType type, params object[] dimensions)
    {
        _graph.Message(12, Value(name, type, dimensions));
        return this;
    }

    /// <summary>Adds float32 weights.</summary>
    public OnnxGraph Weights(string name, long[] dimensions, ReadOnlySpan<float> values)
        => Initializer(name, TensorElementType.Float, dimensions, MemoryMarshal.AsBytes(values));

    /// <summary>Adds int64 constants.</summary>
    public OnnxGraph Integers(string name, params long[] values)
        => Initializer(name, TensorElementType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    /// <summary>Adds an int64 scalar.</summary>
    public OnnxGraph Integer(string name, long value)
        => Initializer(name, TensorElementType.Int64, [], MemoryMarshal.AsBytes([value]));

    /// <summary>Adds float32 weights drawn from a seed, between -scale and scale.</summary>
    public OnnxGraph RandomWeights(string name, int seed, float scale, params long[] dimensions)
    {
        Random random = new(seed);
        float[] values = new float[dimensions.Aggregate(1L, (product, size) => product * size)];
        foreach (ref float value in values.AsSpan())
        {
            value = ((random.NextSingle() * 2) - 1) * scale;
        }

        return Weights(name, dimensions, values);
    }

    /// <summary>Adds weights that lie in another file, which the caller writes (or not).</summary>
    public OnnxGraph ExternalWeights(string name, string location, params long[] dimensions)
    {
        ProtobufWriter tensor = Tensor(name, TensorElementType.Float, dimensions)
            .Message(13, new ProtobufWriter().Text(1, "location").Text(2, location))
            .Integer(14, 1);
        _graph.Message(5, tensor);
        return this;
    }

    /// <summary>Adds a node with one output. An attribute is a long, a float, a string, an array of longs.</summary>
    public OnnxGraph Node(string operation, string[] inputs, string output, params (string Name, object Value)[] attributes)
        => Node(operation, inputs, [output], attributes);

    /// <summary>Adds an operation of several outputs.</summary>
    public OnnxGraph Node(string operation, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        ProtobufWriter node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        Array.ForEach(outputs, output => node.Text(2, output));
        node.Text(4, operation);
        foreach ((string name, object value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        _graph.Message(1, node);
        return this;
    }

    public byte[] ToArray() => new ProtobufWriter()
        .Integer(1, 8)
        .Text(2, "ZeroShotCir.Tests")
        .Message(7, _graph)
        .Message(8, new ProtobufWriter().Text(1, string.Empty).Integer(2, Opset))
        .ToArray();

    /// <summary>Writes the file and the folders above it.</summary>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ToArray());
    }

    private OnnxGraph Initializer(string name, TensorElementType type, long[] dimensions, ReadOnlySpan<byte> values)
    {
        _graph.Message(5, Tensor(name, type, dimensions).Bytes(9, values));
        return this;
    }

    private static ProtobufWriter Tensor(string name, TensorElementType type, long[] dimensions)
    {
        ProtobufWriter tensor = new();
        foreach (long size in dimensions)
        {
            tensor.Integer(1, size);
        }

        return tensor.Integer(2, (long)type).Text(8, name);
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case long number:
                return attribute.Integer(3, number).Integer(20, 2);
            case float number:
                return attribute.Float(2, number).Integer(20, 1);
            case string text:
                return attribute.Text(4, text).Integer(20, 3);
            default:
                foreach (long number in (long[])value)
                {
                    attribute.Integer(8, number);
                }

                return attribute.Integer(20, 7);
        }
    }

    private static ProtobufWriter Value(string name, TensorElementType type, object[] dimensions)
    {
        ProtobufWriter shape = new();
        foreach (object size in dimensions)
        {
            shape.Message(1, size is string axis ? new ProtobufWriter().Text(2, axis) : new ProtobufWriter().Integer(1, Convert.ToInt64(size)));
        }

        ProtobufWriter tensor = new ProtobufWriter().Integer(1, (long)type).Message(2, shape);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
