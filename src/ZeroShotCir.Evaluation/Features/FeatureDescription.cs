namespace ZeroShotCir.Evaluation.Features;

/// <summary>What a folder of precomputed embeddings was made for.</summary>
public sealed class FeatureDescription
{
    internal FeatureDescription(string dataset, string split, string? category)
    {
        Dataset = dataset;
        Split = split;
        Category = category;
    }

    /// <summary>The name of the data set.</summary>
    public string Dataset { get; }

    /// <summary>The split, <c>val</c> where the folder does not say.</summary>
    public string Split { get; }

    /// <summary>The category; <see langword="null"/> where there is none.</summary>
    public string? Category { get; }
}
