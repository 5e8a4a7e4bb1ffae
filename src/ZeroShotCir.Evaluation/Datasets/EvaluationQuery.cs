namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>One composed query of a data set and its right answers. Images are named as in the gallery.</summary>
public sealed record EvaluationQuery
{
    /// <summary>Makes a query without right answers.</summary>
    /// <param name="id">What the data set calls the query: CIRR's pair id, CIRCO's id, elsewhere its position from 0.</param>
    /// <param name="reference">The reference image.</param>
    /// <param name="captions">The modification texts as annotated: two for FashionIQ, one elsewhere. A text may be blank.</param>
    public EvaluationQuery(string id, string reference, IReadOnlyList<string> captions)
    {
        Id = id;
        Reference = reference;
        Captions = captions;
    }

    /// <summary>What the data set calls the query: CIRR's pair id, CIRCO's id, elsewhere its position from 0.</summary>
    public string Id { get; init; }

    /// <summary>The reference image.</summary>
    public string Reference { get; init; }

    /// <summary>The modification texts as annotated: two for FashionIQ, one elsewhere. A text may be blank.</summary>
    public IReadOnlyList<string> Captions { get; init; }

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

    /// <summary>Images that look right and are not: hard negatives.</summary>
    /// <value>Empty, the default value, where the data set names none.</value>
    public IReadOnlyList<string> Negatives { get; init; } = [];

    /// <summary>Other wordings of the query's text.</summary>
    /// <value>Empty, the default value, where the data set has none.</value>
    public IReadOnlyList<string> Paraphrases { get; init; } = [];

    /// <summary>Texts that a right answer fits.</summary>
    /// <value>Empty, the default value, where the data set has none.</value>
    public IReadOnlyList<string> MustHave { get; init; } = [];

    /// <summary>Texts that a right answer does not fit.</summary>
    /// <value>Empty, the default value, where the data set has none.</value>
    public IReadOnlyList<string> MustNot { get; init; } = [];

    /// <summary>What the query belongs to with others, such as the instance of i-CIR that it asks for; measures are averaged over groups, too.</summary>
    /// <value><see langword="null"/>, the default value, where queries stand alone.</value>
    public string? Group { get; init; }

    /// <summary>Which turn of a session it is, whose name is <see cref="Group"/>.</summary>
    /// <value><see langword="null"/>, the default value, where it is none.</value>
    public int? Turn { get; init; }

    /// <summary>What reference and target have in common, in words, as CIRCO annotates it.</summary>
    public string? SharedConcept { get; init; }

    /// <summary>The kinds of change the query asks for, as CIRCO annotates them.</summary>
    /// <value>Empty, the default value, where the data set does not tell.</value>
    public IReadOnlyList<string> SemanticAspects { get; init; } = [];
}
