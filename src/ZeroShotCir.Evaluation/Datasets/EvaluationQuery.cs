namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>One composed query of a data set and its right answers. Images are named as in the gallery.</summary>
/// <param name="Id">What the data set calls the query: CIRR's pair id, CIRCO's id, elsewhere its position from 0.</param>
/// <param name="Reference">The reference image.</param>
/// <param name="Captions">The modification texts as annotated: two for FashionIQ, one elsewhere. A text may be blank.</param>
public sealed record EvaluationQuery(string Id, string Reference, IReadOnlyList<string> Captions)
{
    /// <summary>The target image.</summary>
    /// <value><see langword="null"/>, the default value, in test splits, whose targets are not published.</value>
    public string? Target { get; init; }

    /// <summary>All right answers, the target among them.</summary>
    /// <value>Empty, the default value, where the target is the only one.</value>
    public IReadOnlyList<string> GroundTruths { get; init; } = [];

    /// <summary>The images among which subset recall ranks: CIRR's image set without the reference.</summary>
    /// <value>Empty, the default value, where the data set has no subsets.</value>
    public IReadOnlyList<string> Subset { get; init; } = [];

    /// <summary>The query's own gallery, the target among them, as GeneCIS has it.</summary>
    /// <value>Empty, the default value, where the whole gallery is ranked.</value>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>What reference and target have in common, in words, as CIRCO annotates it.</summary>
    public string? SharedConcept { get; init; }

    /// <summary>The kinds of change the query asks for, as CIRCO annotates them.</summary>
    /// <value>Empty, the default value, where the data set does not tell.</value>
    public IReadOnlyList<string> SemanticAspects { get; init; } = [];
}
