using System.Runtime.InteropServices;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// Which operations make a row of a batch depend on the others, if only on how many they are and in its last bits. Found by running
/// each operation of encoders in ONNX Runtime 1.31 on x64, with 1 to 33 rows and 1 to 8 threads: all that are not named here, products
/// with weights above all, give a row the same bits alone and in any company.
/// </summary>
internal static class RowDependence
{
    /// <summary>Operations that take a range over the whole batch.</summary>
    private static readonly string[] BatchRanges = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"];

    /// <summary>Sums are taken in one order for few rows and in another for as many as there are threads, unless they go along the last axis.</summary>
    private static readonly string[] Sums = ["ReduceMean", "ReduceSum", "ReduceLogSumExp"];

    private static readonly string[] Products = ["MatMul", "Gemm", "FusedMatMul", "Einsum"];

    private enum Origin
    {
        /// <summary>Weights, and what is computed of them alone, which ONNX Runtime does once.</summary>
        Weights,

        /// <summary>Weights that it may have to compute in each run, such as a part that is cut out by a size.</summary>
        Late,

        /// <summary>What is encoded.</summary>
        Rows,
    }

    /// <summary>The operation that makes a row depend most on its company; <see langword="null"/> where none does.</summary>
    public static string? MixesRows(List<GraphNode> nodes, IReadOnlyDictionary<string, long[]> integers)
        => (nodes.Find(node => BatchRanges.Contains(node.Operation) || (node.Operation == "BatchNormalization" && node.Has("training_mode")))
            ?? nodes.Find(node => Sums.Contains(node.Operation) && !IsOfLayerNormalization(node, integers)))?.Operation;

    /// <summary>Whether a graph gives a single row other bits than it gives the same row beside another one.</summary>
    /// <remarks>
    /// Four-bit weights, and weights that were not prepared when the graph was loaded, are multiplied with a vector by other code.
    /// Convolutions other than of patches divide the work on one picture where there is only one. What other processors than x64 do was
    /// not measured.
    /// </remarks>
    public static bool SetsOneRowApart(IEnumerable<GraphNode> nodes, IReadOnlyCollection<string> weights)
    {
        Dictionary<string, Origin> origins = weights.ToDictionary(name => name, _ => Origin.Weights);
        bool isApart = RuntimeInformation.ProcessArchitecture != Architecture.X64;
        foreach (GraphNode node in nodes)
        {
            Origin[] inputs = [.. node.Inputs.Where(name => name.Length > 0).Select(name => origins.GetValueOrDefault(name, Origin.Rows))];
            isApart |= node.Operation is "MatMulNBits" or "MatMulBnb4"
                || (node.Operation.Contains("Conv", StringComparison.Ordinal) && !IsOfPatches(node))
                || (Products.Contains(node.Operation) && (node.IsMain ? inputs.Contains(Origin.Late) : !inputs.All(input => input == Origin.Rows)));
            Origin origin = inputs.Length == 0 ? Origin.Weights
                : node.Operation is "Shape" or "Size" || (node.Operation == "DequantizeLinear" && inputs[0] == Origin.Weights) ? Origin.Late
                : inputs.Max();
            foreach (string output in node.Outputs)
            {
                origins[output] = origin;
            }
        }

        return isApart;
    }

    private static long[]? AxesOf(GraphNode node, IReadOnlyDictionary<string, long[]> integers)
        => node.Settings.TryGetValue("axes", out long[]? axes) ? axes
            : node.Inputs.Count > 1 && integers.TryGetValue(node.Inputs[1], out axes) ? axes
            : null;

    /// <summary>
    /// Whether a sum is one of those that layer normalization is written with: along the last axis, which is kept. One that is not kept
    /// pools, and may go along another axis once transpositions were moved.
    /// </summary>
    private static bool IsOfLayerNormalization(GraphNode node, IReadOnlyDictionary<string, long[]> integers)
        => AxesOf(node, integers) is [-1] && (!node.Settings.ContainsKey("keepdims") || node.Has("keepdims"));

    private static bool IsOfPatches(GraphNode node)
        => node.Settings.TryGetValue("kernel_shape", out long[]? kernel) && node.Settings.TryGetValue("strides", out long[]? strides) && kernel.SequenceEqual(strides)
            && kernel.All(edge => edge > 1);
}
