using System.Buffers;
using ZeroShotCir.Composition;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>The scores of one query with a row-wise strategy while it is searched: those of the images, and what captions make of them.</summary>
internal sealed class RowScores(LocalQuery query, ComparedItems items)
{
    private readonly float[] _images = ArrayPool<float>.Shared.Rent(items.Count);
    private float[] _captions = [];
    private int[]? _counts;

    public LocalQuery Query => query;

    public void SetImages(ReadOnlySpan<float> products) => Apply(query.Vectors.Paths[0], products, items, _images.AsSpan(0, items.Count));

    /// <summary>Makes room for scores of captions.</summary>
    public void BeginCaptions()
    {
        int most = Math.Max(1, query.Vectors.Paths.Count - 1);
        _counts = most == 1 && !query.Space.HasImageOnlyItems ? null : new int[items.Count];
        for (int place = 0; place < _counts?.Length; place++)
        {
            _counts[place] = query.Space.CaptionsOf(items.OrdinalAt(place), most);
        }

        _captions = ArrayPool<float>.Shared.Rent(items.Count);
        _captions.AsSpan(0, items.Count).Clear();
    }

    /// <summary>Adds the scores of the captions that a path leads to.</summary>
    /// <remarks>Items without a caption there take no part, in statistics neither.</remarks>
    public void AddCaptions(int path, ReadOnlySpan<float> products)
    {
        int[]? places = _counts is null ? null : PlacesWithAtLeast(Math.Max(1, path), _counts);
        ComparedItems captioned = places is null ? items : items.At(places);
        float[] room = ArrayPool<float>.Shared.Rent(captioned.Count);
        Span<float> scores = room.AsSpan(0, captioned.Count);
        Apply(query.Vectors.Paths[path], products, captioned, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            _captions[places is null ? i : places[i]] += scores[i];
        }

        ArrayPool<float>.Shared.Return(room);
    }

    /// <summary>Mixes the scores of images with the means of those of captions.</summary>
    public void MixCaptions()
    {
        float weight = (float)query.Vectors.Beta;
        Span<float> images = _images.AsSpan(0, items.Count), captions = _captions.AsSpan(0, items.Count);
        for (int i = 0; i < _counts?.Length; i++)
        {
            captions[i] = _counts[i] > 0 ? captions[i] / _counts[i] : images[i];
        }

        RowScoring.Mix(weight, images, captions);
        ArrayPool<float>.Shared.Return(_captions);
    }

    /// <summary>Takes the best; the scores are given back and no longer there.</summary>
    public SearchHit[] TakeBest()
    {
        SearchHit[] best = query.BestOf(_images.AsSpan(0, items.Count), items);
        ArrayPool<float>.Shared.Return(_images);
        return best;
    }

    private static int[] PlacesWithAtLeast(int captions, int[] counts)
    {
        List<int> places = [];
        for (int place = 0; place < counts.Length; place++)
        {
            if (counts[place] >= captions)
            {
                places.Add(place);
            }
        }

        return [.. places];
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
        float[] room = ArrayPool<float>.Shared.Rent(vectors * some.Count);
        Span<float> own = room.AsSpan(0, vectors * some.Count);
        for (int vector = 0; vector < vectors; vector++)
        {
            some.Gather(products.Slice(vector * length, length), own.Slice(vector * some.Count, some.Count));
        }

        RowScoring.Apply(path, strategy, own, null, scores);
        ArrayPool<float>.Shared.Return(room);
    }
}
