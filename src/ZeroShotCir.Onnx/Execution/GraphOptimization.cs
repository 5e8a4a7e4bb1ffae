namespace ZeroShotCir.Onnx.Execution;

/// <summary>How far ONNX Runtime rewrites a graph before it runs it.</summary>
public enum GraphOptimization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Folds constants and removes redundant nodes.</summary>
    Basic,

    /// <summary>Also fuses nodes.</summary>
    Extended,

    /// <summary>Also changes the memory layout to suit the hardware.</summary>
    All,
}
