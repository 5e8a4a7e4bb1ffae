using ZeroShotCir.Embeddings;
using ZeroShotCir.Fusion;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>The embeddings that a batch of queries needs, gathered with one call of each encoder.</summary>
internal sealed class QueryEncoding
{
    private readonly IReadOnlyList<ComposedQuery> _queries;
    private readonly Gallery _gallery;
    private readonly RetrievalOptions _options;
    private readonly Dictionary<ImageData, int> _imageRows;
    private readonly Dictionary<string, int> _textRows;
    private EmbeddingMatrix? _images;
    private EmbeddingMatrix? _texts;

    private QueryEncoding(IReadOnlyList<ComposedQuery> queries, Gallery gallery, RetrievalOptions options)
    {
        _queries = queries;
        _gallery = gallery;
        _options = options;
        _imageRows = new Dictionary<ImageData, int>(ReferenceEqualityComparer.Instance);
        _textRows = new Dictionary<string, int>(StringComparer.Ordinal);
    }

    /// <summary>The embedding of the empty text where it stands in for missing captions; otherwise empty.</summary>
    public ReadOnlyMemory<float> EmptyText { get; private set; }

    public static async ValueTask<QueryEncoding> CreateAsync(
        IReadOnlyList<ComposedQuery> queries, Gallery gallery, IImageEncoder? imageEncoder, ITextEncoder? textEncoder, RetrievalOptions options, CancellationToken cancellationToken)
    {
        QueryEncoding encoding = new(queries, gallery, options);
        foreach (ComposedQuery query in queries)
        {
            encoding.Collect(query);
        }

        if (options.MissingCaptions == MissingCaptions.EmptyText)
        {
            Number(encoding._textRows, string.Empty);
        }

        if (encoding._imageRows.Count > 0)
        {
            encoding._images = await Require(imageEncoder, "a reference image", "an image encoder")
                .EncodeAsync([.. encoding._imageRows.Keys], cancellationToken).ConfigureAwait(false);
        }

        if (encoding._textRows.Count > 0)
        {
            encoding._texts = await Require(textEncoder, "a text", "a text encoder")
                .EncodeAsync([.. encoding._textRows.Keys], cancellationToken).ConfigureAwait(false);
        }

        if (options.MissingCaptions == MissingCaptions.EmptyText)
        {
            encoding.EmptyText = encoding.TextMemory(string.Empty);
        }

        return encoding;
    }

    /// <summary>The vector that is searched for.</summary>
    public float[] Fuse(int position, double captionWeight)
    {
        ComposedQuery query = _queries[position];
        float[]? image = ImageOf(query);
        ReadOnlySpan<float> text = TextOf(query).Span;
        IQueryFusion fusion = query.Fusion ?? _options.Fusion;
        if (_options.Scoring == Scoring.Reference)
        {
            return FuseReference(query, fusion, captionWeight, image, text);
        }

        float[] vector = new float[_gallery.Dimensions];
        FuseHalves(fusion, image, text, vector);
        return vector;
    }

    private float[] FuseReference(ComposedQuery query, IQueryFusion fusion, double captionWeight, float[]? image, ReadOnlySpan<float> text)
    {
        if (image is null || text.IsEmpty)
        {
            throw new InvalidQueryException(
                "The reference scoring fuses the text with the reference image and with its captions: give both, or use the paper's scoring.");
        }

        int dimensions = _gallery.Dimensions, count = _options.CaptionsPerItem;
        float[] captions = new float[count * dimensions];
        int given = query.ReferenceCaptions is { } texts ? CopyTexts(texts, captions) : CopyGalleryCaptions(query, captions);
        for (int j = given; j < count; j++)
        {
            if (EmptyText.IsEmpty)
            {
                throw new InvalidQueryException(
                    $"The reference scoring needs {count} captions of the reference image, {given} are there. Give ReferenceCaptions, let the empty text stand in (MissingCaptions.EmptyText), or use the paper's scoring.");
            }

            EmptyText.Span.CopyTo(captions.AsSpan(j * dimensions));
        }

        float[] stacked = new float[(1 + count) * dimensions];
        Stacking.StackQuery(fusion, captionWeight, image, captions, text, stacked);
        return stacked;
    }

    private int CopyTexts(IReadOnlyList<string> texts, Span<float> captions)
    {
        int count = Math.Min(texts.Count, _options.CaptionsPerItem);
        for (int j = 0; j < count; j++)
        {
            TextMemory(texts[j]).Span.CopyTo(captions[(j * _gallery.Dimensions)..]);
        }

        return count;
    }

    private int CopyGalleryCaptions(ComposedQuery query, Span<float> captions)
    {
        if (query.ReferenceId is not { } id)
        {
            return 0;
        }

        EmbeddingMatrix own = _gallery.CopyCaptions(_gallery.OrdinalOf(id));
        int count = Math.Min(own.Rows, _options.CaptionsPerItem);
        own.Slice(0, count).Values.CopyTo(captions);
        return count;
    }

    private static void FuseHalves(IQueryFusion fusion, float[]? image, ReadOnlySpan<float> text, float[] vector)
    {
        if (image is not null && !text.IsEmpty)
        {
            fusion.Fuse(image, text, vector);
            return;
        }

        ReadOnlySpan<float> only = image is null ? text : image;
        EmbeddingGuard.ThrowIfDimensionsDiffer(only.Length, vector.Length, "The query embedding");
        UnitVector.Normalize(only, vector);
        if (!vector.AsSpan().ContainsAnyExcept(0f))
        {
            throw new InvalidEmbeddingException("The query embedding is zero, so it has no direction. Check the encoder's output.");
        }
    }

    private float[]? ImageOf(ComposedQuery query)
    {
        float[] image = new float[_gallery.Dimensions];
        if (query.ReferenceId is { } id)
        {
            _gallery.CopyImage(_gallery.OrdinalOf(id), image);
            return image;
        }

        if (query.Image is { } data)
        {
            _images![_imageRows[data]].CopyTo(image);
            return image;
        }

        if (query.ImageEmbedding.IsEmpty)
        {
            return null;
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(query.ImageEmbedding.Length, image.Length, "The embedding of the reference image");
        return query.ImageEmbedding.ToArray();
    }

    private void Collect(ComposedQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        int references = (query.Image is null ? 0 : 1) + (query.ReferenceId is null ? 0 : 1) + (query.ImageEmbedding.IsEmpty ? 0 : 1);
        if (references > 1)
        {
            throw new InvalidQueryException(
                $"The reference image is given in {references} ways. Give it as one of Image, ReferenceId and ImageEmbedding.");
        }

        if (query.TargetDescriptions.Any(string.IsNullOrWhiteSpace))
        {
            throw new InvalidQueryException("One of the TargetDescriptions is blank. Leave it out.");
        }

        if (references == 0 && TextsOf(query).Count == 0)
        {
            throw new InvalidQueryException("The query has neither a reference image nor a text, or only a blank one. Give at least one of them.");
        }

        if (query.Image is { } image)
        {
            Number(_imageRows, image);
        }

        foreach (string text in TextsOf(query))
        {
            Number(_textRows, text);
        }

        if (_options.Scoring == Scoring.Reference)
        {
            foreach (string caption in query.ReferenceCaptions?.Take(_options.CaptionsPerItem) ?? [])
            {
                Number(_textRows, caption);
            }
        }
    }

    private ReadOnlyMemory<float> TextMemory(string text)
        => _texts!.Memory.Slice(_textRows[text] * _texts.Dimensions, _texts.Dimensions);

    // One text keeps its raw embedding, so that its length can count in the fusion; several have no common length.
    private ReadOnlyMemory<float> TextOf(ComposedQuery query)
    {
        IReadOnlyList<string> texts = TextsOf(query);
        if (texts.Count < 2)
        {
            return texts.Count == 0 ? default : TextMemory(texts[0]);
        }

        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(texts.Count, _texts!.Dimensions, out Memory<float> values);
        for (int i = 0; i < texts.Count; i++)
        {
            TextMemory(texts[i]).CopyTo(values[(i * _texts.Dimensions)..]);
        }

        float[] mean = new float[_texts.Dimensions];
        MeanOfTexts.Average(rows, mean);
        return mean;
    }

    private static IReadOnlyList<string> TextsOf(ComposedQuery query)
        => query.TargetDescriptions.Count > 0 ? query.TargetDescriptions : string.IsNullOrWhiteSpace(query.Text) ? [] : [query.Text];

    private static void Number<T>(Dictionary<T, int> rows, T key)
        where T : notnull
        => rows.TryAdd(key, rows.Count);

    private static T Require<T>(T? encoder, string what, string which)
        where T : class
        => encoder ?? throw new InvalidQueryException($"The query has {what}, but the retriever was made without {which}.");
}
