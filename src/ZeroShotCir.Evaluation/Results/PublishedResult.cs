namespace ZeroShotCir.Evaluation.Results;

/// <summary>What a published method reaches, as its source prints it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Backbone">Its backbone; figures of different backbones, or of one architecture with other weights, are not like for like.</param>
/// <param name="Citation">Who published the method.</param>
/// <param name="Source">Where the figures were read.</param>
/// <param name="Metrics">
/// By data set (<c>fashioniq</c> val, mean of the categories on the split gallery; <c>cirr</c> test1; <c>circo</c> test) and metric, in percent.
/// </param>
public sealed record PublishedResult(
    string Method,
    string Backbone,
    string Citation,
    string Source,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Metrics)
{
    /// <summary>Whether the method was trained on triplets of the data set, unlike the training-free ones.</summary>
    public bool Supervised { get; init; }

    /// <summary>Whether the figures were read in another paper's or a third party's copy of the table.</summary>
    public bool Transcribed { get; init; }

    /// <summary>Whether the source could not be read, so that the figures may be wrong.</summary>
    public bool Unverified { get; init; }

    /// <summary>What else a reader should know.</summary>
    public string? Note { get; init; }
}
