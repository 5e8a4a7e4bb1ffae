using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>What an encoder writes.</summary>
/// <param name="ModelId">Identifies the weights, preprocessing and precision: embeddings of different ids must not be compared.</param>
/// <param name="Dimensions">The number of components of one embedding; at least 1.</param>
/// <param name="UnitLength">
/// Whether the rows are said to have Euclidean length 1. It describes the model; nothing relies on it for correctness.
/// </param>
public sealed record EncoderInfo(string ModelId, int Dimensions, bool UnitLength)
{
    /// <summary>How an image encoder reads files.</summary>
    /// <value>The default value is <see langword="null"/>: nobody said, or it encodes texts.</value>
    public ImageReading? Reading { get; init; }
}
