using System.Runtime.InteropServices;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Protobuf;

namespace ZeroShotCir.Onnx.Models;

/// <summary>One pass over an ONNX file. Field numbers are those of onnx.proto.</summary>
internal sealed class OnnxGraphWalk
{
    private const int DeepestGraph = 32;
    private const int MostAxes = 64;
    private const long Int64 = 7;
    private readonly List<OnnxTensor> _inputs = [];
    private readonly List<OnnxTensor> _outputs = [];
    private readonly SortedSet<string> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _tables = [];
    private readonly Dictionary<string, long[]> _integers = [];
    private readonly List<GraphNode> _nodes = [];
    private bool _hasGraph;
    private int _depth;

    /// <summary>The attributes that are looked at.</summary>
    private static readonly string[] Settings = ["training_mode", "axes", "keepdims", "kernel_shape", "strides"];

    private IEnumerable<GraphNode> MainNodes => _nodes.Where(node => node.IsMain);

    public void Model(ProtobufReader model)
    {
        while (model.Next())
        {
            switch (model.Field)
            {
                case 7:
                    _hasGraph = true;
                    Graph(model.Message(), isMain: true);
                    break;
                case 25:
                    Function(model.Message());
                    break;
                default:
                    model.Skip();
                    break;
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
        if (inputs.DistinctBy(input => input.Name).Count() < inputs.Length || _outputs.DistinctBy(output => output.Name).Count() < _outputs.Count)
        {
            throw new InvalidDataException("It has two inputs or two outputs of one name.");
        }

        return new OnnxGraphFile(path, inputs, _outputs, [.. _weights], RowsLookedUp(inputs), UnitOutputs())
        {
            MixesRows = RowDependence.MixesRows(_nodes, _integers),
            SetsOneRowApart = RowDependence.SetsOneRowApart(_nodes, _tables.Keys),
            MultipliesBytes = _nodes.Exists(MultipliesBytes),
        };
    }

    private void Function(ProtobufReader function)
    {
        while (function.Next())
        {
            if (function.Field == 7)
            {
                Node(function.Message(), isMain: false);
            }
            else
            {
                function.Skip();
            }
        }
    }

    private void Graph(ProtobufReader graph, bool isMain)
    {
        if (++_depth > DeepestGraph)
        {
            throw new InvalidDataException($"Its graphs are nested more than {DeepestGraph} deep.");
        }

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
                    _inputs.Add(OnnxTensorReader.Read(graph.Message()));
                    break;
                case 12 when isMain:
                    _outputs.Add(OnnxTensorReader.Read(graph.Message()));
                    break;
                default:
                    graph.Skip();
                    break;
            }
        }

        _depth--;
    }

    private static bool MultipliesBytes(GraphNode node)
        => node.Operation is "DynamicQuantizeLinear" or "MatMulInteger" or "ConvInteger" or "QuantizeLinear" or "DynamicQuantizeMatMul"
            || node.Operation.StartsWith("QLinear", StringComparison.Ordinal);

    private void Node(ProtobufReader node, bool isMain)
    {
        string operation = string.Empty;
        List<string> inputs = [];
        List<string> outputs = [];
        Dictionary<string, long[]> settings = [];
        long[]? value = null;
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
                    value = Attribute(node.Message(), settings) ?? value;
                    break;
                default:
                    node.Skip();
                    break;
            }
        }

        if (operation == "Constant" && value is not null && outputs.Count > 0)
        {
            _integers[outputs[0]] = value;
        }

        _nodes.Add(new GraphNode(operation, inputs, outputs, settings, isMain));
    }

    /// <summary>Reads an attribute; returns the whole numbers of a tensor.</summary>
    private long[]? Attribute(ProtobufReader attribute, Dictionary<string, long[]> settings)
    {
        string name = string.Empty;
        List<long> numbers = [];
        long[]? value = null;
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 1:
                    name = attribute.Text();
                    break;
                case 3:
                    numbers.Add(attribute.Integer());
                    break;
                case 8 when Settings.Contains(name):
                    attribute.Integers(numbers, MostAxes);
                    break;
                case 5:
                    value = Tensor(attribute.Message(), isMain: false);
                    break;
                case 10:
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

        if (Settings.Contains(name))
        {
            settings[name] = [.. numbers];
        }

        return value;
    }

    /// <summary>Reads what a tensor is; returns its numbers where they are a few whole ones.</summary>
    private long[]? Tensor(ProtobufReader tensor, bool isMain)
    {
        string name = string.Empty;
        List<long> dimensions = [];
        List<long> numbers = [];
        bool isWhole = false;
        while (tensor.Next())
        {
            bool isSmall = isWhole && dimensions is [] or [<= MostAxes];
            switch (tensor.Field)
            {
                case 1:
                    tensor.Integers(dimensions, MostAxes);
                    break;
                case 2:
                    isWhole = tensor.Integer() == Int64;
                    break;
                case 7 when isSmall:
                    tensor.Integers(numbers, MostAxes);
                    break;
                case 9 when isSmall:
                    byte[] bytes = tensor.Bytes();
                    numbers.AddRange(MemoryMarshal.Cast<byte, long>(bytes));
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

        long[]? few = numbers.Count > 0 ? [.. numbers] : null;
        if (isMain)
        {
            _tables[name] = dimensions.Count > 0 ? dimensions[0] : 0;
            if (few is not null)
            {
                _integers[name] = few;
            }
        }

        return few;
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

    /// <summary>Follows each input through nodes that only change its type or shape to the tables it indexes.</summary>
    private Dictionary<string, long> RowsLookedUp(OnnxTensor[] inputs)
    {
        Dictionary<string, string> originOf = inputs.ToDictionary(input => input.Name, input => input.Name);
        Dictionary<string, long> rows = [];
        foreach ((string operation, IReadOnlyList<string> from, IReadOnlyList<string> to) in MainNodes.Select(node => (node.Operation, node.Inputs, node.Outputs)))
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

    /// <summary>The outputs that are x / ‖x‖, or LpNormalization's, however the length is guarded against 0 and spread over the row.</summary>
    private string[] UnitOutputs()
    {
        Dictionary<string, GraphNode> makers = [];
        foreach (GraphNode node in MainNodes.Where(node => node.Outputs.Count > 0))
        {
            makers[node.Outputs[0]] = node;
        }

        return [.. _outputs.Select(output => output.Name).Where(name => makers.TryGetValue(name, out GraphNode? maker)
            && (maker.Operation == "LpNormalization" || (maker.Operation == "Div" && maker.Inputs.Count == 2 && IsLengthOf(maker.Inputs[0], maker.Inputs[1], makers))))];
    }

    private static bool IsLengthOf(string row, string value, Dictionary<string, GraphNode> makers)
    {
        for (int step = 0; step < MostAxes && makers.TryGetValue(value, out GraphNode? maker) && maker.Inputs.Count > 0; step++)
        {
            if (maker.Operation == "ReduceL2")
            {
                return maker.Inputs[0] == row;
            }

            if (maker.Operation is not ("Clip" or "Max" or "Expand" or "Add" or "Cast"))
            {
                return false;
            }

            value = maker.Inputs[0];
        }

        return false;
    }
}
