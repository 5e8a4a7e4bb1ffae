using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Small JPEGs of the pictures a report shows, each made once.</summary>
internal sealed class Thumbnails(IImageShrinker shrinker)
{
    private const int Edge = 88;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _pictures = new(StringComparer.Ordinal);

    /// <summary>The pictures made so far, by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Pictures => _pictures;

    /// <summary>Adds a picture under its name; one that cannot be read becomes an empty one, for the queries are still worth showing.</summary>
    public void Add(GalleryImage image)
    {
        if (!_pictures.ContainsKey(image.Name))
        {
            _pictures.Add(image.Name, Shrink(image));
        }
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
