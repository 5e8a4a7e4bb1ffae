namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Which images FashionIQ queries are ranked among. Results of the two are not comparable; every result names its own.</summary>
public enum GalleryProtocol
{
    /// <summary>All images of the split file, as WeiMoCIR, SEARLE, CIReVL, LinCIR and Pic2Word do.</summary>
    Split,

    /// <summary>
    /// The union of the queries' references and targets, called the VAL protocol: fewer images, hence higher numbers.
    /// </summary>
    ValUnion,
}
