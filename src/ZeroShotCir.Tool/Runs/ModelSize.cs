using ZeroShotCir.Onnx;

namespace ZeroShotCir.Tool.Runs;

/// <summary>How large a model is on disk.</summary>
internal static class ModelSize
{
    /// <summary>The graphs that are used, with the files of weights beside them that carry their names.</summary>
    public static long Measure(OnnxModelFolder model) => model.Inspect().Graphs.Values
        .Select(graph => new FileInfo(Path.Combine(model.Path, graph.File)))
        .DistinctBy(graph => graph.FullName)
        .SelectMany(graph => graph.Directory!.EnumerateFiles($"{graph.Name}*"))
        .Sum(file => file.Length);
}
