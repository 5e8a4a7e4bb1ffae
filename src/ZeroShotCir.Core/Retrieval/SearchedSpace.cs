using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>A gallery's rows in a space, with the indexes that searches ask for. Thread-safe.</summary>
internal sealed class SearchedSpace
{
    private readonly CompositionSpace _space;
    private readonly Gallery _gallery;
    private readonly ExactIndexOptions _options;
    private readonly IndexCache _indexes;
    private readonly ReadOnlyMemory<float> _emptyText;
    private readonly Lazy<bool> _anyLacksCaptions;

    private SearchedSpace(
        CompositionSpace space,
        Gallery gallery,
        Gallery rows,
        SpaceTransform? transform,
        ExactIndexOptions options,
        IndexCache indexes,
        ReadOnlyMemory<float> emptyText)
    {
        _space = space;
        _gallery = gallery;
        Rows = rows;
        Transform = transform;
        _options = options;
        _indexes = indexes;
        _emptyText = emptyText;
        _anyLacksCaptions = new(() => rows.AnyLacksCaptions);
    }

    /// <summary>The gallery with its rows in the space.</summary>
    public Gallery Rows { get; }

    /// <summary>What puts queries into the space; <see langword="null"/> where they stay as they are.</summary>
    public SpaceTransform? Transform { get; }

    /// <summary>Whether items without captions score by their image alone, and there are some.</summary>
    public bool HasImageOnlyItems => _emptyText.IsEmpty && _anyLacksCaptions.Value;

    /// <exception cref="InvalidQueryException">The gallery has nothing to measure the space with.</exception>
    public static SearchedSpace Create(CompositionSpace space, Gallery gallery, ExactIndexOptions options, IndexCache indexes, ReadOnlyMemory<float> emptyText)
    {
        if (space == CompositionSpace.Embedding)
        {
            return new SearchedSpace(space, gallery, gallery, null, options, indexes, emptyText);
        }

        CenteredSpace centered = Center(gallery, emptyText.Span);
        float[] text = new float[emptyText.Length];
        if (text.Length > 0)
        {
            centered.TransformText(emptyText.Span, text);
        }

        return new SearchedSpace(space, gallery, gallery.Transform(centered), centered, options, indexes, text);
    }

    public ExactIndex Folded(double beta)
        => _indexes.Get(new IndexKey(_space, IndexKind.Folded, beta), () => Rows.CreateIndex(beta, _emptyText.Span, _options));

    public ExactIndex Stacked(int captions)
        => _indexes.Get(new IndexKey(_space, IndexKind.Stacked, captions), () => Create(Rows.Stack(captions, _emptyText.Span)));

    public ExactIndex CaptionsAt(int position)
        => _indexes.Get(new IndexKey(_space, IndexKind.CaptionsAt, position), () => Create(Rows.CaptionsAt(position, _emptyText.Span)));

    /// <summary>How many of an item's captions count; 0 where it scores by its image alone.</summary>
    public int CaptionsOf(int ordinal, int most)
    {
        int own = Rows.CaptionCountOf(ordinal);
        return own > 0 ? Math.Min(own, most) : _emptyText.IsEmpty ? 0 : most;
    }

    /// <summary>The scope of a search; spaces keep the ordinals of their gallery.</summary>
    public SearchScope Scope(GallerySelection? selection) => _gallery.Scope(default, selection);

    private ExactIndex Create(IReadOnlyList<EmbeddingMatrix> blocks) => new(blocks, _options.Trusting());

    // Each item counts the same, however many captions it has.
    private static CenteredSpace Center(Gallery gallery, ReadOnlySpan<float> emptyText)
    {
        double[] images = new double[gallery.Dimensions];
        double[] texts = new double[gallery.Dimensions];
        float[] row = new float[gallery.Dimensions];
        float[] unit = new float[gallery.Dimensions];
        int captioned = 0, texted = 0;
        for (int ordinal = 0; ordinal < gallery.OrdinalCount; ordinal++)
        {
            if (gallery.IsRemoved(ordinal))
            {
                continue;
            }

            gallery.CopyImage(ordinal, row);
            Add(row, 1, images, unit);
            EmbeddingMatrix captions = gallery.CopyCaptions(ordinal);
            captioned += captions.Rows > 0 ? 1 : 0;
            texted += captions.Rows > 0 || !emptyText.IsEmpty ? 1 : 0;
            for (int j = 0; j < captions.Rows; j++)
            {
                Add(captions[j], 1.0 / captions.Rows, texts, unit);
            }

            if (captions.Rows == 0 && !emptyText.IsEmpty)
            {
                Add(emptyText, 1, texts, unit);
            }
        }

        if (captioned == 0)
        {
            throw new InvalidQueryException(
                "The strategy 'centred' takes the mean of the texts from the gallery's captions, and it has none. "
                + "Caption the gallery, or choose another strategy.");
        }

        return new CenteredSpace(Mean(images, gallery.Count), Mean(texts, texted));
    }

    private static void Add(ReadOnlySpan<float> row, double weight, double[] sum, float[] unit)
    {
        UnitVector.Normalize(row, unit);
        for (int i = 0; i < unit.Length; i++)
        {
            sum[i] += weight * unit[i];
        }
    }

    private static ModalityCenter Mean(double[] sum, int count) => new(Array.ConvertAll(sum, value => (float)(value / count)));
}
