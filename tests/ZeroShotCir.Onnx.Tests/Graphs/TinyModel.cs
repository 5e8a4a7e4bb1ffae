using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>
/// Tiny graphs in the shapes that families publish. The image embedding is the mean of each colour plane, again and again, the
/// text embedding the sum of the rows that the ids look up in a table, so that expected values are a line of arithmetic.
/// </summary>
internal static class TinyModel
{
    public const int Edge = 4;
    public const int Dimensions = 3;
    public const string Words = "a b c d e f g h";

    /// <summary>The row of the table that an id looks up.</summary>
    public static float Row(int id, int dimension) => id + (dimension * 0.25f);

    public static OnnxGraph Image(string input = "pixel_values", string output = "image_embeds", object? batch = null, TensorElementType type = TensorElementType.Float,
        int edge = Edge, int dimensions = Dimensions)
        => AddImage(new OnnxGraph(), input, output, batch ?? "batch", type, edge, dimensions);

    public static OnnxGraph Text(
        string input = "input_ids",
        string output = "text_embeds",
        string? mask = null,
        int vocabulary = 16,
        TensorElementType type = TensorElementType.Int64,
        object? length = null,
        int dimensions = Dimensions)
        => AddText(new OnnxGraph(), input, output, mask, vocabulary, type, length ?? "length", dimensions);

    public static OnnxGraph Joint(string imageOutput, string textOutput, string? mask)
        => Joint(imageOutput, textOutput, mask, 16, Edge, Dimensions);

    /// <summary>A joint graph that writes embeddings raw and, as <c>l2norm_…</c>, of unit length.</summary>
    public static OnnxGraph JointWithLengths(int vocabulary, int edge, int dimensions)
    {
        OnnxGraph graph = Joint("image_embeddings", "text_embeddings", mask: null, vocabulary, edge, dimensions);
        foreach (string side in (string[])["image", "text"])
        {
            graph.Output($"l2norm_{side}_embeddings", TensorElementType.Float, side + "s", dimensions)
                .Node("LpNormalization", [$"{side}_embeddings"], $"l2norm_{side}_embeddings", ("axis", -1L), ("p", 2L));
        }

        return graph;
    }

    /// <summary>Writes configuration and preprocessing that keeps bytes as they are but for the division by 255.</summary>
    public static void WriteSettings(string folder, object config)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config));
        File.WriteAllText(
            Path.Combine(folder, "preprocessor_config.json"),
            $$"""
                {"image_processor_type": "ViTImageProcessor", "do_resize": true, "size": {"height": {{Edge}}, "width": {{Edge}}}, "resample": 2,
                 "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": false}
                """);
    }

    /// <summary>Writes a CLIP tokenizer of eight letters; ids 14 and 15 begin and end a text.</summary>
    public static void WriteClipTokenizer(string folder)
    {
        Directory.CreateDirectory(folder);
        Dictionary<string, int> vocabulary = Words.Split(' ')
            .SelectMany(word => new[] { word, word + "</w>" })
            .Take(14)
            .Select((word, id) => (word, id))
            .ToDictionary(w => w.word, w => w.id);
        vocabulary["<|startoftext|>"] = 14;
        vocabulary["<|endoftext|>"] = 15;
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(vocabulary));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
    }

    private static OnnxGraph Joint(string imageOutput, string textOutput, string? mask, int vocabulary, int edge, int dimensions)
        => AddText(
            AddImage(new OnnxGraph(), "pixel_values", imageOutput, "image_batch", TensorElementType.Float, edge, dimensions),
            "input_ids", textOutput, mask, vocabulary, TensorElementType.Int64, "length", dimensions);

    private static OnnxGraph AddImage(OnnxGraph graph, string input, string output, object batch, TensorElementType type, int edge, int dimensions)
        => graph.Input(input, type, batch, 3, edge, edge)
            .Output(output, type, batch, dimensions)
            .Integers("planes", [.. Enumerable.Range(0, dimensions).Select(d => (long)d % 3)])
            .Node("ReduceMean", [input], "means", ("axes", new long[] { 2, 3 }), ("keepdims", 0L))
            .Node("Gather", ["means", "planes"], output, ("axis", 1L));

    private static OnnxGraph AddText(OnnxGraph graph, string input, string output, string? mask, int vocabulary, TensorElementType type, object length, int dimensions)
    {
        float[] table = [.. Enumerable.Range(0, vocabulary).SelectMany(id => Enumerable.Range(0, dimensions).Select(d => Row(id, d)))];
        graph.Input(input, type, "texts", length).Output(output, TensorElementType.Float, "texts", dimensions)
            .Weights("table", [vocabulary, dimensions], table)
            .Integers("axis_1", 1)
            .Node("Gather", ["table", input], "rows", ("axis", 0L));
        if (mask is null)
        {
            return graph.Node("ReduceSum", ["rows", "axis_1"], output, ("keepdims", 0L));
        }

        return graph.Input(mask, TensorElementType.Int64, "texts", length)
            .Integers("axis_2", 2)
            .Node("Cast", [mask], "weights", ("to", (long)TensorElementType.Float))
            .Node("Unsqueeze", ["weights", "axis_2"], "column")
            .Node("Mul", ["rows", "column"], "kept")
            .Node("ReduceSum", ["kept", "axis_1"], output, ("keepdims", 0L));
    }
}
