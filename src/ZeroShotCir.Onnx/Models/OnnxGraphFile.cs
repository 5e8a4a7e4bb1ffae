using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Protobuf;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// What an ONNX file says about its graph, read from the file alone: weights are passed over and ONNX Runtime is not needed.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Inputs">What the graph takes.</param>
/// <param name="Outputs">What the graph gives; without shapes where the file has none.</param>
/// <param name="Weights">The files beside it that hold its weights.</param>
/// <param name="Rows">By input: the number of rows of the table that it is looked up in, such as a vocabulary.</param>
internal sealed record OnnxGraphFile(
    string Path,
    IReadOnlyList<OnnxTensor> Inputs,
    IReadOnlyList<OnnxTensor> Outputs,
    IReadOnlyList<string> Weights,
    IReadOnlyDictionary<string, long> Rows)
{
    private static ReadOnlySpan<byte> LfsPointer => "version https://git-lfs"u8;

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidModelException">It is missing, truncated, not ONNX, or its external weights are not there.</exception>
    public static OnnxGraphFile Read(string path)
    {
        OnnxGraphFile graph = Parse(path);
        graph.ThrowIfWeightsAreMissing();
        return graph;
    }

    /// <summary>Reads the file, whether its external weights are there or not.</summary>
    /// <exception cref="InvalidModelException">It is missing, truncated or not ONNX.</exception>
    public static OnnxGraphFile Parse(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            ThrowIfPointer(stream, path);
            Walk walk = new();
            walk.Model(new ProtobufReader(stream));
            return walk.Result(path);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidModelException($"'{path}' is not a complete ONNX file ({new FileInfo(path).Length} bytes): {e.Message} Download it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"The graph '{path}' cannot be read: {e.Message}", e);
        }
    }

    private static void ThrowIfPointer(FileStream stream, string path)
    {
        Span<byte> start = stackalloc byte[LfsPointer.Length];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start[..length].SequenceEqual(LfsPointer))
        {
            throw new InvalidModelException($"'{path}' is a Git LFS pointer, not the ONNX file itself. Run 'git lfs pull' in the model folder, or download the file.");
        }
    }

    private void ThrowIfWeightsAreMissing()
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (string file in Weights)
        {
            if (!File.Exists(System.IO.Path.Combine(folder, file)))
            {
                throw new InvalidModelException(
                    $"The graph '{Path}' keeps weights in '{file}', which is not in its folder. Found: {ModelFiles.List(folder)}. Download it from the same place as the graph.");
            }
        }
    }

    /// <summary>One pass over the file. Field numbers are those of onnx.proto.</summary>
    private sealed class Walk
    {
        private readonly List<OnnxTensor> _inputs = [];
        private readonly List<OnnxTensor> _outputs = [];
        private readonly SortedSet<string> _weights = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _tables = [];
        private readonly List<(string Operation, List<string> Inputs, List<string> Outputs)> _nodes = [];
        private bool _hasGraph;

        public void Model(ProtobufReader model)
        {
            while (model.Next())
            {
                if (model.Field == 7)
                {
                    _hasGraph = true;
                    Graph(model.Message(), isMain: true);
                }
                else
                {
                    model.Skip();
                }
            }
        }

        public OnnxGraphFile Result(string path)
        {
            if (!_hasGraph || _outputs.Count == 0)
            {
                throw new InvalidDataException("It holds no graph with outputs.");
            }

            // Files of early versions repeat every weight as an input.
            OnnxTensor[] inputs = [.. _inputs.Where(input => !_tables.ContainsKey(input.Name))];
            return new OnnxGraphFile(path, inputs, _outputs, [.. _weights], RowsLookedUp(inputs));
        }

        private void Graph(ProtobufReader graph, bool isMain)
        {
            while (graph.Next())
            {
                switch (graph.Field)
                {
                    case 1:
                        Node(graph.Message(), isMain);
                        break;
                    case 5:
                        Tensor(graph.Message(), isMain);
                        break;
                    case 11 when isMain:
                        _inputs.Add(Value(graph.Message()));
                        break;
                    case 12 when isMain:
                        _outputs.Add(Value(graph.Message()));
                        break;
                    default:
                        graph.Skip();
                        break;
                }
            }
        }

        private void Node(ProtobufReader node, bool isMain)
        {
            string operation = string.Empty;
            List<string> inputs = [];
            List<string> outputs = [];
            while (node.Next())
            {
                switch (node.Field)
                {
                    case 1:
                        inputs.Add(node.Text());
                        break;
                    case 2:
                        outputs.Add(node.Text());
                        break;
                    case 4:
                        operation = node.Text();
                        break;
                    case 5:
                        Attribute(node.Message());
                        break;
                    default:
                        node.Skip();
                        break;
                }
            }

            if (isMain)
            {
                _nodes.Add((operation, inputs, outputs));
            }
        }

        private void Attribute(ProtobufReader attribute)
        {
            while (attribute.Next())
            {
                switch (attribute.Field)
                {
                    case 5 or 10:
                        Tensor(attribute.Message(), isMain: false);
                        break;
                    case 6 or 11:
                        Graph(attribute.Message(), isMain: false);
                        break;
                    default:
                        attribute.Skip();
                        break;
                }
            }
        }

        private void Tensor(ProtobufReader tensor, bool isMain)
        {
            string name = string.Empty;
            List<long> dimensions = [];
            while (tensor.Next())
            {
                switch (tensor.Field)
                {
                    case 1:
                        tensor.Integers(dimensions);
                        break;
                    case 8:
                        name = tensor.Text();
                        break;
                    case 13:
                        ExternalData(tensor.Message());
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }

            if (isMain)
            {
                _tables[name] = dimensions.Count > 0 ? dimensions[0] : 0;
            }
        }

        private void ExternalData(ProtobufReader entry)
        {
            string key = string.Empty;
            string value = string.Empty;
            while (entry.Next())
            {
                switch (entry.Field)
                {
                    case 1:
                        key = entry.Text();
                        break;
                    case 2:
                        value = entry.Text();
                        break;
                    default:
                        entry.Skip();
                        break;
                }
            }

            if (key == "location")
            {
                _weights.Add(value);
            }
        }

        private static OnnxTensor Value(ProtobufReader value)
        {
            string name = string.Empty;
            OnnxTensor tensor = new(name, TensorElementType.DataTypeMax, [], []);
            while (value.Next())
            {
                switch (value.Field)
                {
                    case 1:
                        name = value.Text();
                        break;
                    case 2:
                        ProtobufReader type = value.Message();
                        while (type.Next())
                        {
                            if (type.Field == 1)
                            {
                                tensor = TensorType(type.Message());
                            }
                            else
                            {
                                type.Skip();
                            }
                        }

                        break;
                    default:
                        value.Skip();
                        break;
                }
            }

            return tensor with { Name = name };
        }

        private static OnnxTensor TensorType(ProtobufReader type)
        {
            TensorElementType elementType = TensorElementType.DataTypeMax;
            List<long> dimensions = [];
            List<string> axisNames = [];
            while (type.Next())
            {
                switch (type.Field)
                {
                    case 1:
                        elementType = (TensorElementType)type.Integer();
                        break;
                    case 2:
                        ProtobufReader shape = type.Message();
                        while (shape.Next())
                        {
                            if (shape.Field != 1)
                            {
                                shape.Skip();
                                continue;
                            }

                            (long size, string axisName) = Dimension(shape.Message());
                            dimensions.Add(size);
                            axisNames.Add(axisName);
                        }

                        break;
                    default:
                        type.Skip();
                        break;
                }
            }

            return new OnnxTensor(string.Empty, elementType, dimensions, axisNames);
        }

        private static (long Size, string AxisName) Dimension(ProtobufReader dimension)
        {
            long size = OnnxTensor.Dynamic;
            string axisName = string.Empty;
            while (dimension.Next())
            {
                switch (dimension.Field)
                {
                    case 1:
                        size = dimension.Integer();
                        break;
                    case 2:
                        axisName = dimension.Text();
                        break;
                    default:
                        dimension.Skip();
                        break;
                }
            }

            return (size, axisName);
        }

        /// <summary>Follows each input through nodes that only change its type or shape to the tables it indexes.</summary>
        private Dictionary<string, long> RowsLookedUp(OnnxTensor[] inputs)
        {
            Dictionary<string, string> originOf = inputs.ToDictionary(input => input.Name, input => input.Name);
            Dictionary<string, long> rows = [];
            foreach ((string operation, List<string> from, List<string> to) in _nodes)
            {
                if (operation is "Cast" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Identity"
                    && to.Count > 0 && from.Count > 0 && originOf.TryGetValue(from[0], out string? origin))
                {
                    originOf[to[0]] = origin;
                }
                else if (operation.StartsWith("Gather", StringComparison.Ordinal)
                    && from.Count > 1 && originOf.TryGetValue(from[1], out string? index) && _tables.TryGetValue(from[0], out long size))
                {
                    rows[index] = Math.Min(size, rows.GetValueOrDefault(index, long.MaxValue));
                }
            }

            return rows;
        }
    }
}
