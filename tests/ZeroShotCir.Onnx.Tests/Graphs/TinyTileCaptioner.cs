using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>
/// A folder in the layout of SmolVLM small enough to be worked out by hand. A tile has two vectors, made of the means of its colour
/// planes; a token is a row of a table; the logits are the sum of all vectors, each times its place, times a matrix, plus the last
/// place times a vector, plus a bias. Bytes are their own ids, and only letters and the end can be written.
/// </summary>
internal sealed class TinyTileCaptioner
{
    public const int TileEdge = 4;
    public const int TokensOfTile = 2;
    public const int Width = 6;
    public static readonly string[] Marks =
    [
        "<|im_start|>", "<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>",
        .. Enumerable.Range(1, 4).SelectMany(row => Enumerable.Range(1, 4).Select(column => $"<row_{row}_col_{column}>")),
    ];

    public const string Template =
        "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
        + "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}"
        + "<end_of_utterance>\n"
        + "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

    private readonly float[] _rows;
    private readonly float[] _planes;
    private readonly float[] _matrix;
    private readonly float[] _places;
    private readonly float[] _bias;

    public TinyTileCaptioner(int seed, bool ends = true)
    {
        Random random = new(seed);
        float[] Draw(int count, float scale) => [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * scale)];
        _rows = Draw(Vocabulary * Width, 0.02f);
        _planes = Draw(TokensOfTile * 3 * Width, 0.3f);
        _matrix = Draw(Width * Vocabulary, 1);
        _places = Draw(Vocabulary, 0.02f);
        _bias = [.. Enumerable.Range(0, Vocabulary).Select(id => id is >= 'a' and <= 'z' || (ends && id == End) ? 0f : -1000f)];
    }

    public static int Vocabulary => 256 + Marks.Length;

    public static int End => IdOf("<end_of_utterance>");

    public static int IdOf(string mark) => 256 + Array.IndexOf(Marks, mark);

    /// <summary>The vectors of a tile of which the planes have these means.</summary>
    public double[][] Features(double[] means)
        => [.. Enumerable.Range(0, TokensOfTile).Select(token => Enumerable.Range(0, Width)
            .Select(d => Enumerable.Range(0, 3).Sum(plane => means[plane] * _planes[(((token * 3) + plane) * Width) + d])).ToArray())];

    /// <summary>
    /// The ids that are likeliest after a prompt with these vectors in the place of its pictures, worked out in double, and how far the second
    /// was behind at least.
    /// </summary>
    public (int[] Ids, double Margin) Greedy(IReadOnlyList<int> prompt, IReadOnlyList<double[]> features, int count)
    {
        double[] sum = new double[Width];
        int seen = 0;
        int places = 0;
        void See(int id)
        {
            double[] vector = id == IdOf("<image>") ? features[places++] : [.. Enumerable.Range(0, Width).Select(d => (double)_rows[(id * Width) + d])];
            seen++;
            for (int d = 0; d < Width; d++)
            {
                sum[d] += seen * vector[d];
            }
        }

        foreach (int id in prompt)
        {
            See(id);
        }

        List<int> ids = [];
        double margin = double.MaxValue;
        while (ids.Count < count && !ids.Contains(End))
        {
            double[] logits = [.. Enumerable.Range(0, Vocabulary)
                .Select(id => _bias[id] + ((seen - 1) * _places[id]) + Enumerable.Range(0, Width).Sum(d => sum[d] * _matrix[(d * Vocabulary) + id]))];
            double[] sorted = [.. logits.OrderDescending()];
            margin = Math.Min(margin, sorted[0] - sorted[1]);
            ids.Add(Array.IndexOf(logits, sorted[0]));
            See(ids[^1]);
        }

        return ([.. ids], margin);
    }

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="type">The type of the graphs' inputs and caches where exports in half precision have one.</param>
    /// <param name="suffix">What the precision adds to the graphs' names.</param>
    /// <param name="longestEdge">What pictures are brought to.</param>
    public void Write(string folder, TensorElementType type = TensorElementType.Float, string suffix = "", int longestEdge = 8)
    {
        void Json(string file, object value) => File.WriteAllText(Path.Combine(folder, file), JsonSerializer.Serialize(value));
        Json("config.json", new
        {
            model_type = "smolvlm",
            image_token_id = IdOf("<image>"),
            text_config = new { num_attention_heads = 4, num_key_value_heads = 1, head_dim = Width, hidden_size = Width, max_position_embeddings = 4096 },
        });
        Json("generation_config.json", new { bos_token_id = IdOf("<|im_start|>"), eos_token_id = End });
        Json("processor_config.json", new { image_seq_len = TokensOfTile, processor_class = "SmolVLMProcessor" });
        Json("preprocessor_config.json", new
        {
            do_convert_rgb = true,
            do_image_splitting = true,
            do_normalize = true,
            do_pad = true,
            do_rescale = true,
            do_resize = true,
            image_mean = new[] { 0.5, 0.5, 0.5 },
            image_std = new[] { 0.5, 0.5, 0.5 },
            resample = 1,
            rescale_factor = 1 / 255.0,
            max_image_size = new { longest_edge = TileEdge },
            size = new { longest_edge = longestEdge },
        });
        Json("tokenizer_config.json", new { tokenizer_class = "GPT2Tokenizer", bos_token = "<|im_start|>", model_max_length = 4096 });
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), Template);
        WriteTokenizer(folder);
        Vision(type).Save(Path.Combine(folder, "onnx", $"vision_encoder{suffix}.onnx"));
        Embedding(type).Save(Path.Combine(folder, "onnx", $"embed_tokens{suffix}.onnx"));
        Decoder(type).Save(Path.Combine(folder, "onnx", $"decoder_model_merged{suffix}.onnx"));
    }

    /// <summary>Tiles → their vectors; the mask must be all ones, or they vanish.</summary>
    public OnnxGraph Vision(TensorElementType type = TensorElementType.Float, int edge = TileEdge, string? other = null)
    {
        float[] planes = [.. from plane in Enumerable.Range(0, 3)
                             from token in Enumerable.Range(0, TokensOfTile)
                             from d in Enumerable.Range(0, Width)
                             select _planes[(((token * 3) + plane) * Width) + d]];
        OnnxGraph graph = new OnnxGraph()
            .Input("pixel_values", type, "batch", "tiles", 3, edge, edge)
            .Input("pixel_attention_mask", TensorElementType.Bool, "batch", "tiles", edge, edge)
            .Output("image_features", type, "all", TokensOfTile, Width)
            .Weights("planes", [3, TokensOfTile * Width], planes)
            .Integers("flat", -1, 3)
            .Integers("axis_2", 2)
            .Integers("rows", -1, TokensOfTile, Width)
            .Node("Cast", ["pixel_values"], "pixels", ("to", (long)TensorElementType.Float))
            .Node("Cast", ["pixel_attention_mask"], "seen", ("to", (long)TensorElementType.Float))
            .Node("Unsqueeze", ["seen", "axis_2"], "seen_planes")
            .Node("Mul", ["pixels", "seen_planes"], "kept")
            .Node("ReduceMean", ["kept"], "means", ("axes", new long[] { 3, 4 }), ("keepdims", 0L))
            .Node("Reshape", ["means", "flat"], "tiles_of_means")
            .Node("MatMul", ["tiles_of_means", "planes"], "vectors")
            .Node("Reshape", ["vectors", "rows"], "wide")
            .Node("Cast", ["wide"], "image_features", ("to", (long)type));
        return other is null ? graph : graph.Input(other, TensorElementType.Int64, "images", 3);
    }

    public OnnxGraph Embedding(TensorElementType type = TensorElementType.Float) => new OnnxGraph()
        .Input("input_ids", TensorElementType.Int64, "batch", "length")
        .Output("inputs_embeds", type, "batch", "length", Width)
        .Weights("rows", [Vocabulary, Width], _rows)
        .Node("Gather", ["rows", "input_ids"], "wide", ("axis", 0L))
        .Node("Cast", ["wide"], "inputs_embeds", ("to", (long)type));

    /// <summary>Vectors → logits of the last; of exports in half precision the caches are half, the vectors not.</summary>
    public OnnxGraph Decoder(TensorElementType type = TensorElementType.Float, string? other = null, string present = "present.0.key", int axesOfPositions = 2)
    {
        OnnxGraph graph = new OnnxGraph()
            .Input("inputs_embeds", TensorElementType.Float, "batch", "fed", Width)
            .Input("attention_mask", TensorElementType.Int64, "batch", "total")
            .Input("position_ids", TensorElementType.Int64, [.. Enumerable.Repeat<object>(3, axesOfPositions - 2), "batch", "fed"])
            .Input("num_logits_to_keep", TensorElementType.Int64)
            .Input("past_key_values.0.key", type, "batch", 1, "past", Width)
            .Output("logits", TensorElementType.Float, "batch", "kept", Vocabulary)
            .Output(present, type, "batch", 1, "total", Width)
            .Weights("matrix", [Width, Vocabulary], _matrix)
            .Weights("places", [1, Vocabulary], _places)
            .Weights("bias", [Vocabulary], _bias)
            .Integers("axis_1", 1)
            .Integers("axis_2", 2)
            .Integer("one", 1)
            .Node("Unsqueeze", ["inputs_embeds", "axis_1"], "new_wide")
            .Node("Cast", ["new_wide"], "new", ("to", (long)type))
            .Node("Concat", ["past_key_values.0.key", "new"], present, ("axis", 2L))
            .Node("Cast", [present], "all_wide", ("to", (long)TensorElementType.Float))
            .Node("Squeeze", ["all_wide", "axis_1"], "all")
            .Node("CumSum", ["attention_mask", "one"], "numbers")
            .Node("Cast", ["numbers"], "numbers_wide", ("to", (long)TensorElementType.Float))
            .Node("Unsqueeze", ["numbers_wide", "axis_2"], "column")
            .Node("Mul", ["all", "column"], "weighted")
            .Node("ReduceSum", ["weighted", "axis_1"], "sum", ("keepdims", 1L))
            .Node("MatMul", ["sum", "matrix"], "raw")
            .Node("Cast", ["position_ids"], "positions", ("to", (long)TensorElementType.Float))
            .Node("ReduceMax", ["positions"], "last", ("keepdims", 0L))
            .Node("Mul", ["places", "last"], "placed")
            .Node("Add", ["raw", "placed"], "moved")
            .Node("Add", ["moved", "bias"], "logits");
        return other is null ? graph : graph.Input(other, TensorElementType.Int64, "images", 3);
    }

    /// <summary>A byte-level tokenizer without merges, in which every byte is its own id.</summary>
    private static void WriteTokenizer(string folder)
    {
        JsonObject vocabulary = [];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool isShown = value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
            vocabulary[new Rune(isShown ? value : next++).ToString()] = value;
        }

        JsonArray added = [];
        foreach (string mark in Marks)
        {
            vocabulary[mark] = IdOf(mark);
            added.Add(new JsonObject { ["id"] = IdOf(mark), ["content"] = mark, ["special"] = true, ["normalized"] = false });
        }

        JsonObject digits = new() { ["type"] = "Digits", ["individual_digits"] = true };
        JsonObject byteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), new JsonObject
        {
            ["added_tokens"] = added,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(digits, byteLevel()) },
            ["decoder"] = byteLevel(),
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        }.ToJsonString());
    }
}
