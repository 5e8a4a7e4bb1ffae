using ZeroShotCir.Composition;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What a new gallery folder stores beside the embeddings. Nothing of it changes what searches find.</summary>
public sealed class GalleryWriterOptions
{
    /// <summary>Makes options that have the default values.</summary>
    public GalleryWriterOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public GalleryWriterOptions(GalleryWriterOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        StoredBeta = other.StoredBeta;
        StoreCompressed = other.StoreCompressed;
    }

    /// <summary>
    /// The caption weight β whose folded rows are stored, so that searching with it begins at once; images without captions need none.
    /// Any other weight is folded in memory by its first search.
    /// </summary>
    /// <value>In [0, 1], or <see langword="null"/> to store none. The default value is 0.1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double? StoredBeta
    {
        get;
        set
        {
            if (value is { } weight)
            {
                Folding.ThrowIfNotWeight(weight, nameof(StoredBeta));
            }

            field = value;
        }
    } = Folding.DefaultBeta;

    /// <summary>Whether a compressed copy of the searched rows is stored: a quarter more bytes, single queries several times faster.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool StoreCompressed { get; set; } = true;
}
