using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Computes every score of every query for groups of settings: the products of the vectors once, then for each group what its strategy
/// makes of them. Works through blocks of queries, so that memory stays bounded whatever the gallery's size.
/// </summary>
internal sealed class ScoringPass
{
    private const int LargestBlock = 64;
    private const long ScratchBytes = 64L << 20;
    private readonly RankingSpace _space;
    private readonly IReadOnlyList<SettingGroup> _groups;
    private readonly IReadOnlyList<ScoringPath> _paths;
    private readonly VectorChannel[] _channels;
    private readonly int[][] _channelsOfGroup;
    private readonly int _queries;

    public ScoringPass(RankingSpace space, IReadOnlyList<SettingGroup> groups, IReadOnlyList<ScoringPath> paths, int queries)
    {
        _space = space;
        _groups = groups;
        _paths = paths;
        _queries = queries;
        VectorChannel[][] ofGroups = [.. groups.Select(group => VectorChannel.For(group.Strategy, paths.Max(path => path.Vectors.CountOf(group.Strategy))).ToArray())];
        _channels = [.. ofGroups.SelectMany(channels => channels).Distinct()];
        _channelsOfGroup = [.. ofGroups.Select(channels => channels.Select(channel => Array.IndexOf(_channels, channel)).ToArray())];
    }

    /// <summary>Receives the scores of one query for one group.</summary>
    public delegate void Receive(int query, SettingGroup group, ScoreRows rows);

    /// <summary>Scores all queries, blocks in parallel.</summary>
    public void Run(Receive receive, int threads, Action<int>? queriesDone, CancellationToken cancellationToken)
    {
        long bytesPerQuery = (long)_paths.Count * _channels.Length * _space.GalleryCount * sizeof(float);
        int block = (int)Math.Clamp(ScratchBytes / Math.Max(1, bytesPerQuery) / 8 * 8, 8, LargestBlock);
        int blocks = (_queries + block - 1) / block;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, blocks, options, () => new Scratch(_paths.Count, _channels.Length, block, _space.GalleryCount), (index, _, scratch) =>
            {
                int first = index * block;
                int count = Math.Min(block, _queries - first);
                Multiply(first, count, scratch);
                for (int query = first; query < first + count; query++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    for (int group = 0; group < _groups.Count; group++)
                    {
                        receive(query, _groups[group], Score(query, query - first, group, scratch));
                    }
                }

                queriesDone?.Invoke(count);
                return scratch;
            }, _ => { });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private void Multiply(int first, int count, Scratch scratch)
    {
        int gallery = _space.GalleryCount;
        for (int path = 0; path < _paths.Count; path++)
        {
            for (int channel = 0; channel < _channels.Length; channel++)
            {
                if (_paths[path].Vectors.Units(_channels[channel]) is { } vectors)
                {
                    _paths[path].Gallery.Compute(vectors.Slice(first, count), scratch.Products[path].AsSpan(channel * scratch.Stride, count * gallery));
                }
            }
        }
    }

    private ScoreRows Score(int query, int inBlock, int group, Scratch scratch)
    {
        ScorePath(query, inBlock, group, 0, scratch, scratch.Images);
        if (!_groups[group].UsesCaptions)
        {
            return new ScoreRows(scratch.Images, scratch.Images, scratch.Differences);
        }

        ScorePath(query, inBlock, group, 1, scratch, scratch.Captions);
        float share = _paths.Count > 2 ? SumCaptions(query, inBlock, group, scratch) : 1;
        RowArithmetic.ScaleAndSubtract(scratch.Captions, share, scratch.Images, scratch.Differences);
        foreach (int item in _space.ImageOnlyItems)
        {
            scratch.Captions[item] = scratch.Images[item];
            scratch.Differences[item] = 0;
        }

        return new ScoreRows(scratch.Images, scratch.Captions, scratch.Differences);
    }

    // A path adds nothing for items without a caption at its position. Gives what the sums are still to be multiplied with.
    private float SumCaptions(int query, int inBlock, int group, Scratch scratch)
    {
        int captions = _space.CaptionsOfReference(query);
        for (int path = 2; path <= captions; path++)
        {
            ScorePath(query, inBlock, group, path, scratch, scratch.Differences);
            RowArithmetic.Add(scratch.Differences, scratch.Captions);
        }

        if (_space.HasEqualCounts)
        {
            return 1f / captions;
        }

        ReadOnlySpan<int> counts = _space.CaptionCounts;
        for (int i = 0; i < counts.Length; i++)
        {
            scratch.Captions[i] /= Math.Max(1, Math.Min(captions, counts[i]));
        }

        return 1;
    }

    private void ScorePath(int query, int inBlock, int group, int path, Scratch scratch, Span<float> scores)
    {
        TermGeometry terms = _paths[path].Vectors.Geometry(query)!;
        CompositionStrategy strategy = _groups[group].Strategy;
        int[] channels = _channelsOfGroup[group];
        int offset = inBlock * _space.GalleryCount;
        try
        {
            if (strategy is LinearStrategy linear)
            {
                Add(linear, terms, channels, scratch, path, offset, scores);
            }
            else
            {
                Apply((RowStrategy)strategy, query, terms, channels, scratch, path, offset, scores);
            }
        }
        catch (Exception e) when (e is InvalidEmbeddingException or InvalidTermsException)
        {
            throw new InvalidEmbeddingException($"Query {_space.PositionOf(query)} of the annotation file cannot be composed. {e.Message}");
        }
    }

    private void Add(LinearStrategy strategy, TermGeometry terms, int[] channels, Scratch scratch, int path, int offset, Span<float> scores)
    {
        Span<double> weights = stackalloc double[channels.Length];
        strategy.ComputeWeights(terms, weights);
        if (channels.Length == 1)
        {
            TensorPrimitives.Multiply(Row(channels[0], scratch, path, offset), (float)weights[0], scores);
            return;
        }

        RowArithmetic.Mix(Row(channels[0], scratch, path, offset), (float)weights[0], Row(channels[1], scratch, path, offset), (float)weights[1], scores);
        for (int i = 2; i < channels.Length; i++)
        {
            RowArithmetic.Add(Row(channels[i], scratch, path, offset), (float)weights[i], scores);
        }
    }

    // Statistics are those of the items that take part: a query's own gallery, and on a path to captions those that have some.
    private void Apply(RowStrategy strategy, int query, TermGeometry terms, int[] channels, Scratch scratch, int path, int offset, Span<float> scores)
    {
        strategy.Check(terms);
        int[] candidates = _space.CandidatesOf(query);
        int[]? items = _paths[path].Items;
        items = candidates.Length == 0 ? items : items is null ? candidates : [.. candidates.Intersect(items)];
        ReadOnlySpan<float> shifts = _paths[path].Vectors.Shifts(query, strategy);
        Span<int> offsets = stackalloc int[channels.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            bool has = _paths[path].Vectors.Has(query, strategy, i);
            offsets[i] = !has ? -1 : items is null ? (channels[i] * scratch.Stride) + offset : i * items.Length;
        }

        if (items is null)
        {
            strategy.Score(new SimilarityRows(scratch.Products[path], offsets, scores.Length) { Shifts = shifts }, terms, scores);
            return;
        }

        float[] gathered = new float[channels.Length * items.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            ReadOnlySpan<float> row = Row(channels[i], scratch, path, offset);
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

    private ReadOnlySpan<float> Row(int channel, Scratch scratch, int path, int offset)
        => scratch.Products[path].AsSpan((channel * scratch.Stride) + offset, _space.GalleryCount);

    private sealed class Scratch(int paths, int channels, int block, int gallery)
    {
        public int Stride { get; } = block * gallery;

        public float[][] Products { get; } = [.. Enumerable.Range(0, paths).Select(_ => new float[channels * block * gallery])];

        public float[] Images { get; } = new float[gallery];

        public float[] Captions { get; } = new float[gallery];

        public float[] Differences { get; } = new float[gallery];
    }
}
