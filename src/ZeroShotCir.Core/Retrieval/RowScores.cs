using ZeroShotCir.Buffers;
using ZeroShotCir.Composition;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>The scores of one query with a row-wise strategy while it is searched: those of the images, and what captions make of them.</summary>
internal sealed class RowScores(LocalQuery query, ItemSets sets) : IDisposable
{
    private readonly ComparedItems _items = sets.Of(query);
    private RentedArray<float> _images = new(sets.Of(query).Count);
    private RentedArray<float> _captions;
    private CaptionedItems? _captioned;

    public LocalQuery Query => query;

    public void SetImages(ReadOnlySpan<float> products) => Apply(query.Vectors.Paths[0], products, _items, _images.Span);

    /// <summary>Makes room for scores of captions.</summary>
    public void BeginCaptions()
    {
        _captioned = sets.CaptionedOf(query);
        _captions = new RentedArray<float>(_items.Count);
        _captions.Span.Clear();
    }

    /// <summary>Adds the scores of the captions that a path leads to.</summary>
    /// <remarks>Items without a caption there take no part, in statistics neither.</remarks>
    public void AddCaptions(int path, ReadOnlySpan<float> products)
    {
        ComparedItems captioned = _captioned!.WithAtLeast(Math.Max(1, path), out ReadOnlySpan<int> places);
        using RentedArray<float> room = new(captioned.Count);
        Span<float> scores = room.Span, captions = _captions.Span;
        Apply(query.Vectors.Paths[path], products, captioned, scores);
        bool areAll = captioned == _items;
        for (int i = 0; i < scores.Length; i++)
        {
            captions[areAll ? i : places[i]] += scores[i];
        }
    }

    /// <summary>Mixes the scores of images with the means of those of captions, which are no longer there.</summary>
    public void MixCaptions()
    {
        float weight = (float)query.Vectors.Beta;
        Span<float> images = _images.Span, captions = _captions.Span;
        ReadOnlySpan<int> counts = _captioned!.Counts;
        for (int i = 0; i < counts.Length; i++)
        {
            captions[i] = counts[i] > 0 ? captions[i] / counts[i] : images[i];
        }

        RowScoring.Mix(weight, images, captions);
        _captions.Dispose();
    }

    public SearchHit[] FindBest() => query.BestOf(_images.Span, _items);

    /// <inheritdoc/>
    public void Dispose()
    {
        _images.Dispose();
        _captions.Dispose();
    }

    private void Apply(QueryPath path, ReadOnlySpan<float> products, ComparedItems some, Span<float> scores)
    {
        RowStrategy strategy = (RowStrategy)query.Vectors.Strategy;
        if (some.AreAll)
        {
            RowScoring.Apply(path, strategy, products, null, scores);
            return;
        }

        int vectors = path.Vectors.Rows, length = products.Length / vectors;
        using RentedArray<float> own = new(vectors * some.Count);
        for (int vector = 0; vector < vectors; vector++)
        {
            some.Gather(products.Slice(vector * length, length), own.Span.Slice(vector * some.Count, some.Count));
        }

        RowScoring.Apply(path, strategy, own.Span, null, scores);
    }
}
