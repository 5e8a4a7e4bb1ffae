using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>A data set after encoding.</summary>
/// <param name="Features">The embeddings of what could be encoded.</param>
/// <param name="Problems">The images that could not, in the order of the gallery.</param>
/// <param name="EncodedImages">How many images the encoder saw; the others were remembered.</param>
/// <param name="EncodedTexts">How many texts the encoder saw.</param>
public sealed record EncodedDataset(EvaluationFeatures Features, IReadOnlyList<ImageProblem> Problems, int EncodedImages, int EncodedTexts)
{
    /// <summary>How many images and texts were encoded together; the others were remembered.</summary>
    public int EncodedQueries { get; init; }
}
