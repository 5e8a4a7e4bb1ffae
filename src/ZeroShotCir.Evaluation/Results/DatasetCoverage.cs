namespace ZeroShotCir.Evaluation.Results;

/// <summary>How much of a data set an evaluation covers; complete unless images are missing and that was allowed.</summary>
/// <param name="Gallery">The images that were ranked.</param>
/// <param name="GalleryAnnotated">The images that the data set names.</param>
/// <param name="Queries">The queries that were evaluated.</param>
/// <param name="QueriesAnnotated">The queries that the data set has.</param>
/// <param name="Captioned">The ranked images that have captions of their own.</param>
public sealed record DatasetCoverage(int Gallery, int GalleryAnnotated, int Queries, int QueriesAnnotated, int Captioned)
{
    /// <summary>Whether every image and every query is there; only then figures compare with published ones.</summary>
    public bool IsComplete => Gallery == GalleryAnnotated && Queries == QueriesAnnotated;

    /// <inheritdoc/>
    public override string ToString()
        => $"{Gallery} of {GalleryAnnotated} images, {Queries} of {QueriesAnnotated} queries, {Captioned} images with captions";
}
