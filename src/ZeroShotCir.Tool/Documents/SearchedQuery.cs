namespace ZeroShotCir.Tool.Documents;

/// <summary>What was searched for, where, and how.</summary>
internal sealed record SearchedQuery(
    string Gallery,
    int Images,
    string? Model,
    string? Image,
    string? Id,
    IReadOnlyList<string> References,
    string? Text,
    int K,
    double? Alpha,
    double Beta,
    IReadOnlyList<string> Excluded,
    string? Only,
    bool Folded)
{
    /// <summary>How the query was composed.</summary>
    public required string Fusion { get; init; }

    /// <summary>By which formula it was scored.</summary>
    public required string Scoring { get; init; }

    /// <summary>How the text became what was encoded, where it was not taken as it stands.</summary>
    public string? Recipe { get; init; }

    public string? Expression { get; init; }

    /// <summary>Descriptions of the picture searched for, given or written by a composer.</summary>
    public IReadOnlyList<string> Descriptions { get; init; } = [];

    public IReadOnlyList<string> MustHave { get; init; } = [];

    public IReadOnlyList<string> MustNot { get; init; } = [];

    public IReadOnlyList<string> Liked { get; init; } = [];

    public IReadOnlyList<string> Disliked { get; init; } = [];

    public double? MinScore { get; init; }
}
