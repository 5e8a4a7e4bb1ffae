namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir topk</c>.</summary>
internal sealed record TopKDocument(
    int Vectors,
    int Dimensions,
    int K,
    int Threads,
    string Precision,
    string Kernel,
    double LoadSeconds,
    IReadOnlyList<double> Seconds,
    double? Rescored,
    int[][] Ordinals,
    float[][] Scores);
