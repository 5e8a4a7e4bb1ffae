using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>A data set after encoding.</summary>
public sealed class EncodedDataset
{
    internal EncodedDataset(EvaluationFeatures features, IReadOnlyList<ImageProblem> problems, int encodedImages, int encodedTexts)
    {
        Features = features;
        Problems = problems;
        EncodedImages = encodedImages;
        EncodedTexts = encodedTexts;
    }

    /// <summary>The embeddings of what could be encoded.</summary>
    public EvaluationFeatures Features { get; }

    /// <summary>The images that could not, in the order of the gallery.</summary>
    public IReadOnlyList<ImageProblem> Problems { get; }

    /// <summary>How many images the encoder saw; the others were remembered.</summary>
    public int EncodedImages { get; }

    /// <summary>How many texts the encoder saw.</summary>
    public int EncodedTexts { get; }

    /// <summary>How many images and texts were encoded together; the others were remembered.</summary>
    public int EncodedQueries { get; internal init; }
}
