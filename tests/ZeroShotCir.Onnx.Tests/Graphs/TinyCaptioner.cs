using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>
/// A captioner small enough to be worked out by hand. The hidden state of colour plane c is its mean times the row c of a table;
/// the logits after some tokens are (the sum of the hidden states + the sum of the tokens' rows) times a matrix, plus a bias.
/// </summary>
internal sealed class TinyCaptioner
{
    private const int Width = 6;
    private const int Planes = 3;
    private readonly float[] _planes;
    private readonly float[] _rows;
    private readonly float[] _matrix;
    private readonly float[] _bias;

    public TinyCaptioner(int vocabulary, int seed, IReadOnlyCollection<int> never)
    {
        Vocabulary = vocabulary;
        Random random = new(seed);
        float[] Draw(int count, float scale) => [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * scale)];
        _planes = Draw(Planes * Width, 8);
        _rows = Draw(vocabulary * Width, 1);
        _matrix = Draw(Width * vocabulary, 1);
        _bias = [.. Enumerable.Range(0, vocabulary).Select(id => never.Contains(id) ? -100f : 0f)];
    }

    public int Vocabulary { get; }

    /// <summary>The sum of the hidden states of an image whose planes have these means, worked out in double.</summary>
    public double[] HiddenSum(IReadOnlyList<double> means) => [.. Enumerable.Range(0, Width).Select(d => Hidden(means).Sum(row => row[d]))];

    /// <summary>The same where the hidden states, followed by an instruction's rows, are summed up as <see cref="Instruction"/> does.</summary>
    public double[] HiddenSum(IReadOnlyList<double> means, IReadOnlyList<int> instruction)
    {
        double[][] sequence = [.. Hidden(means), .. instruction.Select(id => Enumerable.Range(0, Width).Select(d => (double)_rows[(id * Width) + d]).ToArray())];
        return [.. Enumerable.Range(0, Width).Select(d => sequence.Select((row, i) => row[d] * (sequence.Length - i)).Sum())];
    }

    /// <summary>The log probabilities of the next token, worked out in double.</summary>
    public double[] LogProbabilities(double[] hidden, IEnumerable<int> ids)
    {
        double[] state = [.. hidden];
        foreach (int id in ids)
        {
            for (int d = 0; d < Width; d++)
            {
                state[d] += _rows[(id * Width) + d];
            }
        }

        double[] logits = [.. Enumerable.Range(0, Vocabulary).Select(id => _bias[id] + Enumerable.Range(0, Width).Sum(d => state[d] * _matrix[(d * Vocabulary) + id]))];
        double largest = logits.Max();
        double total = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
        return [.. logits.Select(logit => logit - total)];
    }

    /// <summary>pixel_values → last_hidden_state, beside an output that is to be left alone.</summary>
    public OnnxGraph Image() => new OnnxGraph()
        .Input("pixel_values", TensorElementType.Float, "batch", Planes, TinyModel.Edge, TinyModel.Edge)
        .Output("pooler_output", TensorElementType.Float, "batch", Planes)
        .Output("last_hidden_state", TensorElementType.Float, "batch", Planes, Width)
        .Weights("planes", [Planes, Width], _planes)
        .Integers("axis_2", 2)
        .Node("ReduceMean", ["pixel_values"], "pooler_output", ("axes", new long[] { 2, 3 }), ("keepdims", 0L))
        .Node("Unsqueeze", ["pooler_output", "axis_2"], "column")
        .Node("Mul", ["column", "planes"], "last_hidden_state");

    /// <summary>input_ids → inputs_embeds.</summary>
    public OnnxGraph TokenEmbedding() => new OnnxGraph()
        .Input("input_ids", TensorElementType.Int64, "batch", "length")
        .Output("inputs_embeds", TensorElementType.Float, "batch", "length", Width)
        .Weights("rows", [Vocabulary, Width], _rows)
        .Node("Gather", ["rows", "input_ids"], "inputs_embeds", ("axis", 0L));

    /// <summary>inputs_embeds → last_hidden_state, running sums, so that the order counts.</summary>
    public static OnnxGraph Instruction() => new OnnxGraph()
        .Input("attention_mask", TensorElementType.Int64, "batch", "length")
        .Input("inputs_embeds", TensorElementType.Float, "batch", "length", Width)
        .Output("last_hidden_state", TensorElementType.Float, "batch", "length", Width)
        .Integer("axis", 1)
        .Integers("axis_2", 2)
        .Node("Cast", ["attention_mask"], "weights", ("to", (long)TensorElementType.Float))
        .Node("Unsqueeze", ["weights", "axis_2"], "column")
        .Node("Mul", ["inputs_embeds", "column"], "kept")
        .Node("CumSum", ["kept", "axis"], "last_hidden_state");

    /// <summary>Tokens → logits of each.</summary>
    /// <param name="takesPast">Whether it takes the rows of the tokens before from a cache.</param>
    /// <param name="givesPresent">Whether it gives them to the next step.</param>
    /// <param name="takesEmbeddings">Whether it takes rows instead of ids.</param>
    public OnnxGraph Decoder(bool takesPast, bool givesPresent, bool takesEmbeddings = false)
    {
        OnnxGraph graph = new OnnxGraph()
            .Input("encoder_hidden_states", TensorElementType.Float, "batch", "patches", Width)
            .Input("encoder_attention_mask", TensorElementType.Int64, "batch", "patches")
            .Output("logits", TensorElementType.Float, "batch", "length", Vocabulary)
            .Weights("matrix", [Width, Vocabulary], _matrix)
            .Weights("bias", [Vocabulary], _bias)
            .Integers("axis_1", 1)
            .Integers("axis_2", 2)
            .Integer("tokens", 2);
        if (takesEmbeddings)
        {
            graph.Input("inputs_embeds", TensorElementType.Float, "batch", "fed", Width)
                .Node("Unsqueeze", ["inputs_embeds", "axis_1"], "new");
        }
        else
        {
            graph.Input("input_ids", TensorElementType.Int64, "batch", "fed")
                .Weights("rows", [Vocabulary, Width], _rows)
                .Node("Gather", ["rows", "input_ids"], "embedded", ("axis", 0L))
                .Node("Unsqueeze", ["embedded", "axis_1"], "new");
        }

        string all = "new";
        if (takesPast)
        {
            graph.Input("past_key_values.0.decoder.key", TensorElementType.Float, "batch", 1, "past", Width)
                .Input("use_cache_branch", TensorElementType.Bool, 1)
                .Node("Concat", ["past_key_values.0.decoder.key", "new"], "present.0.decoder.key", ("axis", 2L));
            all = "present.0.decoder.key";
        }
        else if (givesPresent)
        {
            graph.Node("Identity", ["new"], "present.0.decoder.key");
        }

        if (givesPresent)
        {
            graph.Output("present.0.decoder.key", TensorElementType.Float, "batch", 1, "length", Width);
        }

        return graph
            .Node("CumSum", [all, "tokens"], "sums")
            .Node("Squeeze", ["sums", "axis_1"], "states")
            .Node("Cast", ["encoder_attention_mask"], "weights", ("to", (long)TensorElementType.Float))
            .Node("Unsqueeze", ["weights", "axis_2"], "column")
            .Node("Mul", ["encoder_hidden_states", "column"], "seen")
            .Node("ReduceSum", ["seen", "axis_1"], "hidden", ("keepdims", 1L))
            .Node("Add", ["states", "hidden"], "sum")
            .Node("MatMul", ["sum", "matrix"], "raw")
            .Node("Add", ["raw", "bias"], "logits");
    }

    private double[][] Hidden(IReadOnlyList<double> means)
        => [.. Enumerable.Range(0, Planes).Select(c => Enumerable.Range(0, Width).Select(d => means[c] * _planes[(c * Width) + d]).ToArray())];
}
