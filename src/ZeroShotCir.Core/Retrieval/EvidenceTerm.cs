using ZeroShotCir.Composition;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>A term of a query with the place where its embedding comes from.</summary>
/// <param name="Role">What it says.</param>
/// <param name="Weight">Its weight.</param>
internal sealed record EvidenceTerm(TermRole Role, double Weight)
{
    /// <summary>One text, whose embedding counts as it is, or several, whose directions are averaged; none where it is no text.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    public ImageData? Image { get; init; }

    public string? ItemId { get; init; }

    public ReadOnlyMemory<float> Embedding { get; init; }

    /// <summary>Whether it is the reference image, in whose place its captions stand in the published code's scoring.</summary>
    public bool IsReference { get; init; }

    public static EvidenceTerm FromQueryTerm(QueryTerm term) => new(term.Role, term.Weight)
    {
        Texts = term.Text is { } text ? [text] : [],
        Image = term.Image,
        ItemId = term.ItemId,
        Embedding = term.Embedding,
    };
}
