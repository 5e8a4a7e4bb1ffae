using System.Numerics.Tensors;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// The scores of one query under one group of settings after the other. Those of a linear strategy are made where they are asked for,
/// piece by piece, so that they are counted while the first-level cache holds them; one that looks at whole rows makes them at once.
/// Used over and over by one thread.
/// </summary>
internal sealed class GroupScores(RankingSpace space, IReadOnlyList<ScoringPath> paths, BlockProducts products)
{
    /// <summary>How many items are best taken at once: what is made of them fits into the first-level cache.</summary>
    public const int PieceLength = Crossings.Capacity;

    private readonly Crossings _crossings = new();
    private float[] _images = [];
    private float[] _captions = [];
    private float[] _more = [];
    private float[] _weights = [];
    private int[] _channels = [];
    private int _query;
    private int _inBlock;
    private int _captionPaths;
    private bool _isWhole;

    /// <summary>The settings whose scores these are.</summary>
    public SettingGroup Group { get; private set; } = null!;

    /// <summary>The number of items.</summary>
    public int Length => space.GalleryCount;

    /// <summary>Goes to a query and a group.</summary>
    /// <param name="query">The query.</param>
    /// <param name="inBlock">Its place in the block of products.</param>
    /// <param name="group">The group.</param>
    /// <param name="channels">The channels of the group's strategy.</param>
    /// <exception cref="InvalidEmbeddingException">The query cannot be composed.</exception>
    public void Begin(int query, int inBlock, SettingGroup group, int[] channels)
    {
        (_query, _inBlock, Group, _channels) = (query, inBlock, group, channels);
        _captionPaths = !group.UsesCaptions ? 0 : paths.Count > 2 ? Math.Max(1, space.CaptionsOfReference(query)) : 1;
        _isWhole = false;
        try
        {
            if (group.Strategy is LinearStrategy linear)
            {
                Weigh(linear);
            }
            else
            {
                Make(0, Length);
                _isWhole = true;
            }
        }
        catch (Exception e) when (e is InvalidEmbeddingException or InvalidTermsException)
        {
            throw new InvalidEmbeddingException($"Query {space.PositionOf(query)} of the annotation file cannot be composed. {e.Message}");
        }
    }

    /// <summary>The scores of some of the items, until the next call.</summary>
    /// <param name="start">The first item.</param>
    /// <param name="length">How many.</param>
    public ScoreRows Take(int start, int length)
    {
        if (!_isWhole)
        {
            Make(start, length);
            start = 0;
        }

        ReadOnlySpan<float> images = _images.AsSpan(start, length);
        return Group.UsesCaptions
            ? new ScoreRows(images, _captions.AsSpan(start, length)) { Crossings = _crossings }
            : new ScoreRows(images, images);
    }

    private void Weigh(LinearStrategy strategy)
    {
        int count = _channels.Length;
        Array.Resize(ref _weights, count * (1 + _captionPaths));
        Span<double> weights = stackalloc double[count];
        for (int path = 0; path <= _captionPaths; path++)
        {
            strategy.ComputeWeights(paths[path].Vectors.Geometry(_query)!, weights);
            TensorPrimitives.ConvertTruncating<double, float>(weights, _weights.AsSpan(path * count, count));
        }
    }

    private void Make(int start, int length)
    {
        if (_images.Length < length)
        {
            int most = Math.Max(length, Math.Min(PieceLength, Length));
            (_images, _captions, _more) = (new float[most], new float[most], new float[most]);
        }

        Span<float> images = _images.AsSpan(0, length), captions = _captions.AsSpan(0, length), more = _more.AsSpan(0, length);
        MakePath(0, start, images);
        if (_captionPaths == 0)
        {
            return;
        }

        MakePath(1, start, captions);
        for (int path = 2; path <= _captionPaths; path++)
        {
            // A path adds nothing for items without a caption at its position.
            MakePath(path, start, more);
            RowArithmetic.Add(more, captions);
        }

        if (paths.Count > 2)
        {
            RowArithmetic.Scale(captions, Average(start, captions));
        }

        foreach (int item in space.ImageOnlyItems(start, length))
        {
            captions[item - start] = images[item - start];
        }
    }

    // Gives what the sums are still to be multiplied with.
    private float Average(int start, Span<float> captions)
    {
        if (space.HasEqualCounts)
        {
            return 1f / _captionPaths;
        }

        ReadOnlySpan<int> counts = space.CaptionCounts.Slice(start, captions.Length);
        for (int i = 0; i < counts.Length; i++)
        {
            captions[i] /= Math.Max(1, Math.Min(_captionPaths, counts[i]));
        }

        return 1;
    }

    private void MakePath(int path, int start, Span<float> scores)
    {
        if (Group.Strategy is RowStrategy rows)
        {
            Apply(rows, path, scores);
            return;
        }

        ReadOnlySpan<float> weights = _weights.AsSpan(path * _channels.Length, _channels.Length);
        if (weights.Length == 1)
        {
            TensorPrimitives.Multiply(Products(path, 0, start, scores.Length), weights[0], scores);
            return;
        }

        RowArithmetic.Mix(Products(path, 0, start, scores.Length), weights[0], Products(path, 1, start, scores.Length), weights[1], scores);
        for (int i = 2; i < weights.Length; i++)
        {
            RowArithmetic.Add(Products(path, i, start, scores.Length), weights[i], scores);
        }
    }

    private ReadOnlySpan<float> Products(int path, int channel, int start, int length) => products.Row(path, _channels[channel], _inBlock).Slice(start, length);

    // Statistics are those of the items that take part: a query's own gallery, and on a path to captions those that have some.
    private void Apply(RowStrategy strategy, int path, Span<float> scores)
    {
        TermGeometry terms = paths[path].Vectors.Geometry(_query)!;
        strategy.Check(terms);
        int[] candidates = space.CandidatesOf(_query);
        int[]? items = paths[path].Items;
        items = candidates.Length == 0 ? items : items is null ? candidates : [.. candidates.Intersect(items)];
        ReadOnlySpan<float> shifts = paths[path].Vectors.Shifts(_query, strategy);
        Span<int> offsets = stackalloc int[_channels.Length];
        for (int i = 0; i < _channels.Length; i++)
        {
            bool has = paths[path].Vectors.Has(_query, strategy, i);
            offsets[i] = !has ? -1 : items is null ? products.Offset(path, _channels[i], _inBlock) : i * items.Length;
        }

        if (items is null)
        {
            strategy.Score(new SimilarityRows(products.Path(path), offsets, scores.Length) { Shifts = shifts }, terms, scores);
            return;
        }

        float[] gathered = new float[_channels.Length * items.Length];
        for (int i = 0; i < _channels.Length; i++)
        {
            ReadOnlySpan<float> row = products.Row(path, _channels[i], _inBlock);
            for (int item = 0; item < items.Length; item++)
            {
                gathered[(i * items.Length) + item] = row[items[item]];
            }
        }

        float[] own = new float[items.Length];
        strategy.Score(new SimilarityRows(gathered, offsets, items.Length) { Shifts = shifts }, terms, own);
        scores.Clear();
        for (int item = 0; item < items.Length; item++)
        {
            scores[items[item]] = own[item];
        }
    }
}
