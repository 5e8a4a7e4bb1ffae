using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>The data sets whose images CIRCLED's sessions search.</summary>
public static class SessionGallery
{
    /// <summary>Reads the data set of a subset.</summary>
    /// <param name="root">The folder of that data set, or the folder that holds <c>FashionIQ</c>, <c>CIRR</c> and <c>CIRCO</c>.</param>
    /// <param name="subset">One of <see cref="CircledReader.Subsets"/>.</param>
    /// <returns>The data set; its gallery is empty where CIRCO's index of images is not there.</returns>
    /// <exception cref="ArgumentException">The subset is not known.</exception>
    /// <exception cref="InvalidDatasetException">A file is missing or malformed.</exception>
    public static EvaluationDataset Read(string root, string subset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentException.ThrowIfNullOrWhiteSpace(subset);
        return subset.Split('_') switch
        {
            ["cirr", "val"] => CirrReader.Read(Of("CIRR")),
            ["circo", "val"] => CircoReader.Read(Of("CIRCO")),
            ["fashioniq", var category, "val"] => FashionIqReader.Read(Of("FashionIQ"), category),
            _ => throw new ArgumentException($"The subset '{subset}' is not known; known are {string.Join(", ", CircledReader.Subsets)}.", nameof(subset)),
        };

        string Of(string name) => Directory.Exists(Path.Combine(root, name)) ? Path.Combine(root, name) : root;
    }
}
