using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Small JPEGs of the pictures a report shows, each made once.</summary>
internal sealed class Thumbnails(IImageShrinker shrinker)
{
    private const int Edge = 88;
    private readonly Dictionary<GalleryImage, ReadOnlyMemory<byte>> _pictures = [];

    /// <summary>The pictures made so far: data sets call different ones by the same name.</summary>
    public IReadOnlyDictionary<GalleryImage, ReadOnlyMemory<byte>> Pictures => _pictures;

    /// <summary>Makes a picture small, and remembers it; one that cannot be read becomes an empty one, for the queries are still worth showing.</summary>
    public ReadOnlyMemory<byte> Add(GalleryImage image)
    {
        if (!_pictures.TryGetValue(image, out ReadOnlyMemory<byte> small))
        {
            _pictures.Add(image, small = Shrink(image));
        }

        return small;
    }

    private ReadOnlyMemory<byte> Shrink(GalleryImage image)
    {
        try
        {
            return shrinker.Shrink(image.Read(), Edge).Data;
        }
        catch (InvalidImageException)
        {
            return default;
        }
    }
}
