using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Looks at every image of a data set before anything is encoded.</summary>
/// <remarks>Repeated names and names that do not match are errors of the readers and never get here. Serves concurrent callers.</remarks>
public sealed class DatasetChecker
{
    private readonly IImageDecoder? _decoder;
    private readonly DecodeOptions _options;

    /// <summary>Creates the checker.</summary>
    /// <param name="decoder">Decodes every image; <see langword="null"/> to look only whether its file is there and has content.</param>
    /// <param name="options">What the decoder refuses; <see langword="null"/> for the defaults.</param>
    public DatasetChecker(IImageDecoder? decoder = null, DecodeOptions? options = null)
    {
        _decoder = decoder;
        _options = options is null ? new DecodeOptions { Orientation = ImageOrientation.Ignore } : new DecodeOptions(options);
    }

    /// <summary>Checks a data set.</summary>
    /// <param name="dataset">The annotations.</param>
    /// <param name="captions">Captions by image name, where there are any.</param>
    /// <param name="progress">Told how many images have been looked at.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found.</returns>
    public DatasetReport Check(
        EvaluationDataset dataset,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        IReadOnlyList<GalleryImage> images = dataset.Images;
        ImageProblem?[] problems = new ImageProblem?[dataset.Images.Count];
        int done = 0;
        Parallel.For(0, problems.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            problems[i] = Check(images[i]);
            progress?.Report(Interlocked.Increment(ref done));
        });

        ImageProblem[] found = [.. problems.OfType<ImageProblem>()];
        HashSet<string> names = [.. images.Select(image => image.Name)];
        HashSet<string> usable = [.. names];
        usable.ExceptWith(found.Select(problem => problem.Name));
        return new DatasetReport(
            dataset.Label,
            dataset.Gallery.Count,
            dataset.Queries.Count,
            found,
            [.. from query in dataset.Queries from caption in query.Captions where string.IsNullOrWhiteSpace(caption) select query.Id],
            dataset.Queries.Count(query => usable.Contains(query.Reference) && (query.Target is null || usable.Contains(query.Target))),
            captions is null ? null : names.Count(captions.ContainsKey),
            [.. (captions?.Keys ?? []).Where(name => !names.Contains(name))])
        {
            MissingFolders = MissingFolder.Find(dataset, found),
        };
    }

    private ImageProblem? Check(GalleryImage image)
    {
        if (!File.Exists(image.Path))
        {
            return new ImageProblem(image.Name, image.Path, ImageProblemKind.Missing, "The file does not exist.");
        }

        try
        {
            ImageData data = image.Read(_options.Limits.MaxBytes);
            if (_decoder is not null)
            {
                using RgbImage pixels = _decoder.Decode(data.Data.Span, _options);
                _ = image.Crop?.Apply(pixels, image.Path);
            }

            return null;
        }
        catch (InvalidImageException e)
        {
            return new ImageProblem(image.Name, image.Path, ImageProblemKind.Corrupt, e.Message);
        }
    }
}
