namespace ZeroShotCir.Evaluation.Results;

/// <summary>What a published method reaches, as its source prints it.</summary>
public sealed class PublishedResult
{
    internal PublishedResult(
        string method,
        string backbone,
        string citation,
        string source,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> metrics)
    {
        Method = method;
        Backbone = backbone;
        Citation = citation;
        Source = source;
        Metrics = metrics;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>Its backbone; figures of different backbones, or of one architecture with other weights, are not like for like.</summary>
    public string Backbone { get; }

    /// <summary>Who published the method.</summary>
    public string Citation { get; }

    /// <summary>Where the figures were read.</summary>
    public string Source { get; }

    /// <summary>
    /// By data set (<c>fashioniq</c> val, mean of the categories on the split gallery; <c>cirr</c> test1; <c>circo</c> test) and metric, in percent.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Metrics { get; }

    /// <summary>Whether the method was trained on triplets of the data set, unlike the training-free ones.</summary>
    public bool Supervised { get; internal init; }

    /// <summary>Whether the figures were read in another paper's or a third party's copy of the table.</summary>
    public bool Transcribed { get; internal init; }

    /// <summary>Whether the source could not be read, so that the figures may be wrong.</summary>
    public bool Unverified { get; internal init; }

    /// <summary>What else a reader should know.</summary>
    public string? Note { get; internal init; }
}
