using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Imaging;
using ZeroShotCir.Recipes;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Options;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The queries of a data set as a chat model gets them: the reference as an image, in words, or both, and the text.</summary>
internal sealed class QueryComposition
{
    private readonly EvaluationDataset _dataset;
    private readonly ITextRecipe _recipe;
    private readonly bool _withImage;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>>? _captions;
    private readonly Dictionary<string, GalleryImage> _images;
    private readonly DecodeOptions _pictures;
    private readonly IImageDecoder _decoder;

    /// <param name="dataset">The queries and their images.</param>
    /// <param name="withImage">Whether the model gets the image of the reference.</param>
    /// <param name="captions">Captions of the references by name, where the model gets those.</param>
    /// <param name="pictures">What is refused of images; <see langword="null"/> for the defaults.</param>
    /// <param name="decoder">Decodes images of which a part is meant.</param>
    public QueryComposition(
        EvaluationDataset dataset, bool withImage, IReadOnlyDictionary<string, IReadOnlyList<string>>? captions, DecodeOptions? pictures = null, IImageDecoder? decoder = null)
    {
        _dataset = dataset;
        _recipe = DatasetRecipe.DefaultOf(dataset.Name);
        _withImage = withImage;
        _captions = captions;
        // Boxes are drawn on the pixels as they are stored.
        _pictures = new DecodeOptions(pictures ?? new DecodeOptions()) { Orientation = ImageOrientation.Ignore };
        _decoder = decoder ?? PictureDecoders.Default;
        _images = dataset.Images.DistinctBy(image => image.Name).ToDictionary(image => image.Name, StringComparer.Ordinal);
    }

    /// <summary>The names of the queries, in the order of the annotation file.</summary>
    public IEnumerable<string> Names => _dataset.Queries.Select(_dataset.NameOf);

    /// <exception cref="InvalidImageException">An image is missing or unusable.</exception>
    public ComposedQuery Compose(EvaluationQuery query) => new()
    {
        Text = _recipe.Compose(query)[0],
        Image = _withImage ? ImageOf(query.Reference) : null,
        ReferenceCaptions = _captions?.GetValueOrDefault(query.Reference),
    };

    public ImageData ImageOf(string name)
    {
        if (!_images.TryGetValue(name, out GalleryImage? image))
        {
            throw new InvalidImageException($"The image '{name}' is not among those of {_dataset.Label}. Complete the data set.");
        }

        ImageData data = image.Read(_pictures.Limits.MaxBytes);
        if (image.Crop is not { } crop)
        {
            return data;
        }

        using RgbImage whole = _decoder.Decode(data, _pictures);
        return crop.Apply(whole, image.Path);
    }
}
