using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Benchmarks.Encoders;

/// <summary>Writes a model folder whose image graph costs as much as CLIP ViT-B/32 (4.4 G multiply-adds an image), with random weights.</summary>
internal static class VisionModel
{
    private const int Edge = 224;
    private const int Patch = 32;
    private const int Width = 768;
    private const int Hidden = 3072;
    private const int Dimensions = 512;
    private const int Blocks = 18;

    /// <summary>The model at its full size.</summary>
    /// <param name="takesBytes">Whether the graph takes bytes, so that preprocessing an image of the right size is a copy.</param>
    public static string WriteFull(bool takesBytes)
    {
        int tokens = Edge / Patch * (Edge / Patch);
        OnnxGraph graph = new OnnxGraph()
            .Output("image_embeds", TensorElementType.Float, "batch", Dimensions)
            .RandomWeights("patches", 1, 0.03f, Width, 3, Patch, Patch)
            .RandomWeights("widen", 2, 0.0625f, Width, Hidden)
            .RandomWeights("narrow", 3, 0.044f, Hidden, Width)
            .RandomWeights("project", 4, 0.06f, Width, Dimensions)
            .Integers("sequence", 0, Width, tokens)
            .Integers("first", 0)
            .Integers("row", -1, Width);
        if (takesBytes)
        {
            graph.Input("pixel_values", TensorElementType.UInt8, "batch", Edge, Edge, 3)
                .Weights("scale", [1], [1 / 255f])
                .Node("Cast", ["pixel_values"], "floats", ("to", (long)TensorElementType.Float))
                .Node("Mul", ["floats", "scale"], "scaled")
                .Node("Transpose", ["scaled"], "pixels", ("perm", new long[] { 0, 3, 1, 2 }));
        }
        else
        {
            graph.Input("pixel_values", TensorElementType.Float, "batch", 3, Edge, Edge);
        }

        graph.Node("Conv", [takesBytes ? "pixels" : "pixel_values", "patches"], "grid", ("kernel_shape", new long[] { Patch, Patch }), ("strides", new long[] { Patch, Patch }))
            .Node("Reshape", ["grid", "sequence"], "columns")
            .Node("Transpose", ["columns"], "block_0", ("perm", new long[] { 0, 2, 1 }));
        for (int i = 0; i < Blocks; i++)
        {
            graph.Node("MatMul", [$"block_{i}", "widen"], $"wide_{i}").Node("Relu", [$"wide_{i}"], $"active_{i}").Node("MatMul", [$"active_{i}", "narrow"], $"block_{i + 1}");
        }

        graph.Node("Gather", [$"block_{Blocks}", "first"], "token", ("axis", 1L))
            .Node("Reshape", ["token", "row"], "pooled")
            .Node("MatMul", ["pooled", "project"], "image_embeds");
        return Save(graph);
    }

    /// <summary>A model with the same input and output that looks at one pixel: next to nothing to run.</summary>
    public static string WriteEmpty() => Save(new OnnxGraph()
        .Input("pixel_values", TensorElementType.UInt8, "batch", Edge, Edge, 3)
        .Output("image_embeds", TensorElementType.Float, "batch", Dimensions)
        .Integers("first", 0)
        .RandomWeights("project", 1, 1, 3, Dimensions)
        .Integers("shape", -1, 3)
        .Node("Gather", ["pixel_values", "first"], "row", ("axis", 1L))
        .Node("Gather", ["row", "first"], "pixel", ("axis", 2L))
        .Node("Cast", ["pixel"], "floats", ("to", (long)TensorElementType.Float))
        .Node("Reshape", ["floats", "shape"], "pooled")
        .Node("MatMul", ["pooled", "project"], "image_embeds"));

    private static string Save(OnnxGraph graph)
    {
        string folder = Directory.CreateTempSubdirectory("zeroshotcir-benchmark-").FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type": "clip"}""");
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), """
            {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "resample": 3,
             "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
            """);
        graph.Save(Path.Combine(folder, "onnx", "vision_model.onnx"));
        return folder;
    }
}
