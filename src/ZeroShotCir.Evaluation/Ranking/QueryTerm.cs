namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The embeddings of a query that a fusion may combine.</summary>
internal enum QueryTerm
{
    /// <summary>The reference image; on a caption path of reference scoring, the reference's own caption.</summary>
    Image,

    /// <summary>The modification text.</summary>
    Text,

    /// <summary>The mean direction of the reference's captions.</summary>
    Description,

    /// <summary>A description of the target.</summary>
    Target,

    /// <summary>The element-wise product of image and text.</summary>
    Product,
}
