using System.Diagnostics;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>The embeddings that a batch of queries needs, gathered with one call of each encoder.</summary>
internal sealed class QueryEncoding
{
    private readonly ReferenceItems _references;
    private readonly RetrievalOptions _options;
    private readonly Dictionary<ImageData, int> _imageRows = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _textRows = new(StringComparer.Ordinal);
    private readonly List<QueryEntry> _entries = [];
    private EmbeddingMatrix? _images;
    private EmbeddingMatrix? _texts;

    private QueryEncoding(ReferenceItems references, RetrievalOptions options)
    {
        _references = references;
        _options = options;
    }

    /// <summary>Encodes what a batch gives as images and texts, each distinct one once.</summary>
    public static async ValueTask<QueryEncoding> CreateAsync(
        IReadOnlyList<ComposedQuery> queries, ReferenceItems references, QueryEncoders encoders, RetrievalOptions options, CancellationToken cancellationToken)
    {
        QueryEncoding encoding = new(references, options);
        foreach (ComposedQuery query in queries)
        {
            encoding.Collect(query);
        }

        await new ComposedInputs(references, encoders.Composed, encoders.Pictures).CompleteAsync(encoding._entries, cancellationToken).ConfigureAwait(false);

        if (encoding._imageRows.Count > 0)
        {
            IImageEncoder encoder = Require(encoders.Images, "a reference image", "an image encoder");
            encoding._images = await MeasureAsync(
                "image", encoding._imageRows.Count, () => encoder.EncodeAsync([.. encoding._imageRows.Keys], cancellationToken)).ConfigureAwait(false);
        }

        if (encoding._textRows.Count > 0)
        {
            ITextEncoder encoder = Require(encoders.Texts, "a text", "a text encoder");
            encoding._texts = await MeasureAsync(
                "text", encoding._textRows.Count, () => encoder.EncodeAsync([.. encoding._textRows.Keys], cancellationToken)).ConfigureAwait(false);
        }

        return encoding;
    }

    /// <summary>How a query composes its terms.</summary>
    public CompositionStrategy StrategyOf(int position) => _entries[position].Strategy;

    /// <summary>Puts the terms of a query together.</summary>
    /// <param name="position">The query's position.</param>
    /// <param name="transform">What puts embeddings into the space of its strategy; <see langword="null"/> for that of the encoders.</param>
    /// <param name="emptyText">The embedding of the empty text where it stands in for missing captions; otherwise empty.</param>
    /// <returns>The terms; for the published code's scoring also those with each caption of the reference in its place.</returns>
    public QueryVectors Compose(int position, SpaceTransform? transform, ReadOnlyMemory<float> emptyText)
    {
        QueryEntry entry = _entries[position];
        double beta = entry.Query.Beta ?? _options.Beta;
        bool describes = entry.Strategy.Roles.Contains(TermRole.ReferenceDescription) && !entry.Terms.Any(term => term.Role == TermRole.ReferenceDescription);
        IReadOnlyList<ReadOnlyMemory<float>> description = describes ? Description(entry, emptyText) : [];
        List<TermSet> paths = [Build(entry, transform, null, description)];
        if (_options.Scoring == Scoring.PublishedCode && beta > 0)
        {
            paths.AddRange(ReferenceCaptions(entry, emptyText).Select(caption => Build(entry, transform, caption, description)));
        }

        return new QueryVectors(entry.Strategy, beta, paths);
    }

    private TermSet Build(QueryEntry entry, SpaceTransform? transform, StandIn? caption, IReadOnlyList<ReadOnlyMemory<float>> description)
    {
        TermSet terms = new(_references.Dimensions);
        foreach (EvidenceTerm term in entry.Terms.Where(term => entry.Strategy.Roles.Contains(term.Role)))
        {
            StandIn? standIn = term.IsReference ? caption : null;
            Add(term.Role, standIn?.Embedding ?? EmbeddingOf(term), term.Weight, standIn is null ? term.Role : standIn.Role);
        }

        foreach (ReadOnlyMemory<float> text in description)
        {
            Add(TermRole.ReferenceDescription, text, 1, TermRole.ReferenceDescription);
        }

        return terms;

        void Add(TermRole role, ReadOnlyMemory<float> embedding, double weight, TermRole modality)
        {
            if (transform is null)
            {
                terms.Add(role, embedding.Span, weight);
                return;
            }

            EmbeddingGuard.ThrowIfDimensionsDiffer(embedding.Length, _references.Dimensions, TermSet.NameOf(role));
            float[] transformed = new float[embedding.Length];
            transform.Transform(modality, embedding.Span, transformed);
            terms.Add(role, transformed, weight);
        }
    }

    // The captions of the reference that take its place, as many as count.
    private IEnumerable<StandIn> ReferenceCaptions(QueryEntry entry, ReadOnlyMemory<float> emptyText)
    {
        if (!entry.Terms.Any(term => term.IsReference) || !entry.Terms.Any(term => term.Role == TermRole.Text))
        {
            throw new InvalidQueryException(
                "The published code's scoring fuses the text with the reference image and with its captions: give both, or use the paper's scoring.");
        }

        IReadOnlyList<ReadOnlyMemory<float>> own = OwnCaptions(entry);
        if (own.Count > 0)
        {
            return own.Take(_options.CaptionsPerItem).Select(caption => new StandIn(caption, TermRole.Text));
        }

        if (!emptyText.IsEmpty)
        {
            return Enumerable.Repeat(new StandIn(emptyText, TermRole.Text), _options.CaptionsPerItem);
        }

        return entry.Query.ReferenceId is { } id
            ? Enumerable.Repeat(new StandIn(_references.ImageOf(id), TermRole.Image), _options.CaptionsPerItem)
            : throw new InvalidQueryException(
                "The published code's scoring needs captions of the reference image, and there are none. "
                + "Give ReferenceCaptions, let the empty text stand in (MissingCaptions.EmptyText), or use the paper's scoring.");
    }

    private IReadOnlyList<ReadOnlyMemory<float>> Description(QueryEntry entry, ReadOnlyMemory<float> emptyText)
    {
        IReadOnlyList<ReadOnlyMemory<float>> own = OwnCaptions(entry);
        return own.Count > 0 ? own
            : entry.Query.ReferenceId is not null && !emptyText.IsEmpty ? [emptyText]
            : throw new InvalidQueryException(
                $"The strategy '{entry.Strategy.Name}' reads a description of the reference image, and it has no captions. "
                + "Give ReferenceCaptions, caption the gallery, or choose another strategy.");
    }

    private IReadOnlyList<ReadOnlyMemory<float>> OwnCaptions(QueryEntry entry)
    {
        if (entry.Query.ReferenceCaptions is { } texts)
        {
            return [.. texts.Where(text => !string.IsNullOrWhiteSpace(text)).Select(TextMemory)];
        }

        if (entry.Query.ReferenceId is not { } id)
        {
            return [];
        }

        return _references.CaptionsOf(id);
    }

    private ReadOnlyMemory<float> EmbeddingOf(EvidenceTerm term)
        => term.Texts.Count > 0 ? TextMemory(term.Texts)
            : term.Image is { } image ? _images!.Memory.Slice(_imageRows[image] * _images.Dimensions, _images.Dimensions)
            : term.ItemId is { } id ? _references.ImageOf(id)
            : term.Embedding;

    private ReadOnlyMemory<float> TextMemory(IReadOnlyList<string> texts)
    {
        if (texts.Count == 1)
        {
            return TextMemory(texts[0]);
        }

        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(texts.Count, _texts!.Dimensions, out Memory<float> values);
        for (int i = 0; i < texts.Count; i++)
        {
            TextMemory(texts[i]).CopyTo(values[(i * rows.Dimensions)..]);
        }

        float[] mean = new float[rows.Dimensions];
        MeanDirection.Compute(rows, mean);
        return mean;
    }

    private ReadOnlyMemory<float> TextMemory(string text) => _texts!.Memory.Slice(_textRows[text] * _texts.Dimensions, _texts.Dimensions);

    private void Collect(ComposedQuery query)
    {
        IReadOnlyList<EvidenceTerm> terms = QueryEvidence.Collect(query, _options.TextRecipe);
        CompositionStrategy strategy = StrategyOf(query, _options);
        QueryEntry entry = new(query, strategy) { Terms = terms };
        Check(entry);
        _entries.Add(entry);
        foreach (EvidenceTerm term in terms.Where(term => strategy.Roles.Contains(term.Role)))
        {
            if (term.Image is { } image)
            {
                _imageRows.TryAdd(image, _imageRows.Count);
            }

            foreach (string text in term.Texts)
            {
                _textRows.TryAdd(text, _textRows.Count);
            }
        }

        bool readsCaptions = _options.Scoring == Scoring.PublishedCode || strategy.Roles.Contains(TermRole.ReferenceDescription);
        foreach (string caption in readsCaptions ? query.ReferenceCaptions ?? [] : [])
        {
            _textRows.TryAdd(caption, _textRows.Count);
        }
    }

    internal static CompositionStrategy StrategyOf(ComposedQuery query, RetrievalOptions options)
        => query.Strategy ?? (query.Expression is null ? options.Strategy : StrategyTable.Parse("arithmetic"));

    private static void Check(QueryEntry entry)
    {
        if (entry.Strategy.Requires(TermRole.TargetDescription) && !entry.Terms.Any(term => term.Role == TermRole.TargetDescription))
        {
            throw new InvalidQueryException(
                $"The strategy '{entry.Strategy.Name}' reads a description of the target, and the query has none. "
                + "Give TargetDescriptions, or make the retriever with a describer.");
        }

        try
        {
            // A description of the reference may still come from its captions, and a composed embedding from images and texts.
            entry.Strategy.ThrowIfTermsDoNotFit(role => entry.Terms.Any(term => term.Role == role)
                || (role is TermRole.ReferenceDescription or TermRole.Composed && entry.Strategy.Roles.Contains(role)));
        }
        catch (InvalidTermsException e)
        {
            throw new InvalidQueryException(e.Message);
        }
    }

    private static async ValueTask<EmbeddingMatrix> MeasureAsync(string kind, int inputs, Func<ValueTask<EmbeddingMatrix>> encode)
    {
        long start = Stopwatch.GetTimestamp();
        using Activity? activity = SearchMeasurement.BeginEncoding(kind, inputs);
        EmbeddingMatrix rows = await encode().ConfigureAwait(false);
        SearchMeasurement.FinishEncoding(kind, inputs, start);
        return rows;
    }

    private static T Require<T>(T? encoder, string what, string which)
        where T : class
        => encoder ?? throw new InvalidQueryException($"The query has {what}, but the retriever was made without {which}.");

    private sealed record StandIn(ReadOnlyMemory<float> Embedding, TermRole Role);
}
