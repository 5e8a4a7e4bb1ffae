namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery project</c>.</summary>
internal sealed record ProjectionDocument(
    int Texts, int Negative, int Dimensions, int Directions, double LeastImageSimilarity, double LeastTextSimilarity, string File, double Seconds);
