using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Tests.Tokenizers;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>
/// A folder in the layout of EmbeddingGemma 2 whose graphs are a line of arithmetic: a soft token is its patch times a matrix, a
/// word is a row of a table, and the embedding is the sum of both, each weighted by its place, made unit length.
/// </summary>
internal static class TinyJointModel
{
    public const int Width = 6;
    public const int Budget = 70;
    public const int PatchSize = 2;
    public const int Context = 400;
    public const int ImageId = 378;
    private const int Vocabulary = 381;
    private static readonly string[] Marks = ["<|image>", "<image|>", "<|image|>", "<|video|>", "<|audio|>"];

    public static float Word(int id, int column) => (((id * 7) + (column * 13)) % 29) - 14;

    public static float Pixel(int value, int column) => (((value * 5) + (column * 3)) % 11) - 5;

    public static void Write(string folder, bool hasVision = true)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""
            {"model_type": "embedding_gemma2", "image_token_id": {{ImageId}}, "audio_config": {"model_type": "gemma4_audio"}
            """ + $$"""
            , "text_config": {"max_position_embeddings": {{Context}}} }
            """);
        File.WriteAllText(Path.Combine(folder, "processor_config.json"), $$"""
            {"image_processor": {"max_soft_tokens": {{Budget}}, "patch_size": {{PatchSize}}, "pooling_kernel_size": 1, "do_normalize": false, "resample": 3} }
            """);
        WriteTokenizer(folder);
        Text().Save(Path.Combine(folder, "onnx", "model.onnx"));
        if (hasVision)
        {
            Vision().Save(Path.Combine(folder, "onnx", "vision_encoder.onnx"));
        }
    }

    /// <summary>The patches that have a place, times a matrix.</summary>
    public static OnnxGraph Vision(bool keepsPadding = false)
    {
        int values = 3 * PatchSize * PatchSize;
        OnnxGraph graph = new OnnxGraph()
            .Input("pixel_values", TensorElementType.Float, "batch", "patches", values)
            .Input("pixel_position_ids", TensorElementType.Int64, "batch", "patches", 2)
            .Output("image_features", TensorElementType.Float, "tokens", Width)
            .Weights("matrix", [values, Width], [.. Enumerable.Range(0, values).SelectMany(value => Enumerable.Range(0, Width).Select(column => Pixel(value, column)))])
            .Integers("rows", -1, values)
            .Integers("flat", -1)
            .Integer("first", 0)
            .Integer("none", keepsPadding ? -2 : -1)
            .Node("Gather", ["pixel_position_ids", "first"], "columns", ("axis", 2L))
            .Node("Reshape", ["columns", "flat"], "places")
            .Node("Greater", ["places", "none"], "are")
            .Node("Reshape", ["pixel_values", "rows"], "patches");
        return graph.Node("Compress", ["patches", "are"], "kept", ("axis", 0L)).Node("MatMul", ["kept", "matrix"], "image_features");
    }

    /// <summary>Words and soft tokens, each times its place, as one mean of unit length.</summary>
    public static OnnxGraph Text() => new OnnxGraph()
        .Input("input_ids", TensorElementType.Int64, "batch", "sequence")
        .Input("attention_mask", TensorElementType.Int64, "batch", "sequence")
        .Input("image_features", TensorElementType.Float, "images", Width)
        .Input("video_features", TensorElementType.Float, "videos", Width)
        .Input("audio_features", TensorElementType.Float, "sounds", Width)
        .Output("sentence_embedding", TensorElementType.Float, "batch", Width)
        .Weights("table", [Vocabulary, Width], [.. Enumerable.Range(0, Vocabulary).SelectMany(id => Enumerable.Range(0, Width).Select(column => Word(id, column)))])
        .Integer("image", ImageId)
        .Integer("one", 1)
        .Integers("axis_2", 2)
        .Node("Gather", ["table", "input_ids"], "words", ("axis", 0L))
        .Node("Equal", ["input_ids", "image"], "are")
        .Node("NonZero", ["are"], "columns")
        .Node("Transpose", ["columns"], "places", ("perm", new long[] { 1, 0 }))
        .Node("Concat", ["image_features", "video_features", "audio_features"], "features", ("axis", 0L))
        .Node("ScatterND", ["words", "places", "features"], "mixed")
        .Node("CumSum", ["attention_mask", "one"], "numbers")
        .Node("Cast", ["numbers"], "weights", ("to", (long)TensorElementType.Float))
        .Node("Unsqueeze", ["weights", "axis_2"], "column")
        .Node("Mul", ["mixed", "column"], "weighted")
        .Node("ReduceMean", ["weighted"], "mean", ("axes", new long[] { 1 }), ("keepdims", 0L))
        .Node("LpNormalization", ["mean"], "sentence_embedding", ("axis", -1L), ("p", 2L));

    private static void WriteTokenizer(string folder)
    {
        ReferenceTokenizer tokenizer = ReferenceTokenizer.Read("gemma");
        for (int i = 0; i < Marks.Length; i++)
        {
            int id = Vocabulary - Marks.Length + i;
            tokenizer.Json["model"]!["vocab"]!.AsObject()[Marks[i]] = id;
            tokenizer.Json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = id, ["content"] = Marks[i], ["special"] = true, ["normalized"] = false });
        }

        tokenizer.SaveJson(Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"tokenizer_class": "GemmaTokenizer", "image_token": "<|image|>", "pad_token": "<pad>"}""");
    }
}
