namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>What is searched for.</summary>
internal sealed class SearchRequest
{
    /// <summary>How the image searched for differs from the references, or without one, what it shows.</summary>
    public string? Text { get; set; }

    /// <summary>The reference images; several count as their mean direction.</summary>
    public IReadOnlyList<SearchReference> References { get; set; } = [];

    /// <summary>Texts that the image must fit.</summary>
    public IReadOnlyList<string> MustHave { get; set; } = [];

    /// <summary>Texts that the image must not fit.</summary>
    public IReadOnlyList<string> MustNot { get; set; } = [];

    /// <summary>The ids of images that were found and show more of what is wanted: by the turn before where there are <see cref="Turns"/>.</summary>
    public IReadOnlyList<string> Liked { get; set; } = [];

    /// <summary>The ids of images that were found and are not wanted.</summary>
    public IReadOnlyList<string> Disliked { get; set; } = [];

    /// <summary>The searches before this one, the first one first, of which <see cref="History"/> makes something; they have no turns themselves.</summary>
    public IReadOnlyList<SearchRequest> Turns { get; set; } = [];

    /// <summary>
    /// What becomes of earlier turns: <c>last-turn</c>, <c>mean-of-texts</c>, <c>joined-texts</c>, <c>mean-of-queries</c>,
    /// <c>fading:keep=0.4</c> or <c>rocchio</c>.
    /// </summary>
    public string? History { get; set; }

    /// <summary>
    /// The name of the strategy; that of the gallery, <c>more-less</c> where images are liked or disliked, or <c>soft</c> where there are
    /// must-have or must-not texts.
    /// </summary>
    public string? Strategy { get; set; }

    /// <summary>Its parameters by name; those left out have their defaults.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; set; } = new Dictionary<string, double>();

    /// <summary>The weight of the text, from 0 to 1.</summary>
    public double? Alpha { get; set; }

    /// <summary>How much captions count against images, from 0 to 1.</summary>
    public double? Beta { get; set; }

    /// <summary>How many images to find.</summary>
    public int? Count { get; set; }

    /// <summary>The least score of an image that is found.</summary>
    public double? MinScore { get; set; }

    /// <summary>Ids that must not be found.</summary>
    public IReadOnlyList<string> Exclude { get; set; } = [];

    /// <summary>Whether the references, and copies of them, may be found.</summary>
    public bool IncludeReferences { get; set; }

    /// <summary>Whether images of the same bytes are one hit.</summary>
    public bool Fold { get; set; } = true;

    /// <summary>The only folder whose images are found, with those below it, as the gallery's description lists them.</summary>
    public string? Folder { get; set; }

    /// <summary>The first day of the images that are found.</summary>
    public DateOnly? From { get; set; }

    /// <summary>The last day of the images that are found.</summary>
    public DateOnly? To { get; set; }
}
