namespace ZeroShotCir.Evaluation.Results;

/// <summary>How much of a data set an evaluation covers; complete unless images are missing and that was allowed.</summary>
public sealed class DatasetCoverage
{
    internal DatasetCoverage(int gallery, int galleryAnnotated, int queries, int queriesAnnotated, int captioned)
    {
        Gallery = gallery;
        GalleryAnnotated = galleryAnnotated;
        Queries = queries;
        QueriesAnnotated = queriesAnnotated;
        Captioned = captioned;
    }

    /// <summary>The images that were ranked.</summary>
    public int Gallery { get; }

    /// <summary>The images that the data set names.</summary>
    public int GalleryAnnotated { get; }

    /// <summary>The queries that were evaluated.</summary>
    public int Queries { get; }

    /// <summary>The queries that the data set has.</summary>
    public int QueriesAnnotated { get; }

    /// <summary>The ranked images that have captions of their own.</summary>
    public int Captioned { get; }

    /// <summary>Whether every image and every query is there; only then figures compare with published ones.</summary>
    public bool IsComplete => Gallery == GalleryAnnotated && Queries == QueriesAnnotated;

    /// <inheritdoc/>
    public override string ToString()
        => $"{Gallery} of {GalleryAnnotated} images, {Queries} of {QueriesAnnotated} queries, {Captioned} images with captions";
}
