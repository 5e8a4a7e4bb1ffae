using System.Globalization;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Embeddings;

/// <summary>What an encoder writes.</summary>
public sealed record EncoderInfo
{
    /// <summary>Describes an encoder.</summary>
    /// <param name="modelId">Identifies the weights, preprocessing and precision: embeddings of different ids must not be compared.</param>
    /// <param name="dimensions">The number of components of one embedding; at least 1.</param>
    /// <param name="isUnitLength">
    /// Whether the rows are said to have Euclidean length 1. It describes the model; nothing relies on it for correctness.
    /// </param>
    public EncoderInfo(string modelId, int dimensions, bool isUnitLength)
    {
        ModelId = modelId;
        Dimensions = dimensions;
        IsUnitLength = isUnitLength;
    }

    /// <summary>Identifies the weights, preprocessing and precision: embeddings of different ids must not be compared.</summary>
    public string ModelId { get; init; }

    /// <summary>The number of components of one embedding; at least 1.</summary>
    public int Dimensions { get; init; }

    /// <summary>
    /// Whether the rows are said to have Euclidean length 1. It describes the model; nothing relies on it for correctness.
    /// </summary>
    public bool IsUnitLength { get; init; }

    /// <summary>What its rows are encoded for.</summary>
    /// <value>The default value is <see langword="null"/>: the model makes no difference, or it is said with each call.</value>
    public EncodingRole? Role { get; init; }

    /// <summary>The model whose documents its rows are compared with: what an encoder of queries, or one that composes, is asked for beside a gallery.</summary>
    /// <value>The default value is <see cref="ModelId"/>.</value>
    public string Space
    {
        get => field ?? ModelId;
        init;
    }

    /// <summary>Whether the leading components of a row, scaled to unit length again, are an embedding, too (Matryoshka).</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool CanBeCut { get; init; }

    /// <summary>How an image encoder reads files.</summary>
    /// <value>The default value is <see langword="null"/>: nobody said, or it encodes texts.</value>
    public ImageReading? Reading { get; init; }

    /// <summary>What a model is called whose rows keep their leading components only: one model, whoever cuts them.</summary>
    /// <param name="modelId">The model, itself cut or not.</param>
    /// <param name="dimensions">How many components are kept.</param>
    /// <returns>Such as <c>model@256</c>.</returns>
    public static string NameOfCut(string modelId, int dimensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelId);
        int cut = modelId.LastIndexOf('@');
        bool isCut = cut > 0 && cut < modelId.Length - 1 && !modelId.AsSpan(cut + 1).ContainsAnyExceptInRange('0', '9');
        return string.Create(CultureInfo.InvariantCulture, $"{(isCut ? modelId[..cut] : modelId)}@{dimensions}");
    }
}
