using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Computes every score of every query for groups of settings: the products of the terms once, then for each group a weighted sum of
/// rows. Works through blocks of queries, so that memory stays bounded whatever the gallery's size.
/// </summary>
internal sealed class ScoringPass
{
    private const int LargestBlock = 64;
    private const long ScratchBytes = 64L << 20;
    private readonly RankingSpace _space;
    private readonly IReadOnlyList<SettingGroup> _groups;
    private readonly IReadOnlyList<ScoringPath> _paths;
    private readonly QueryTerm[] _terms;
    private readonly int[][] _termsOfGroup;
    private readonly int _queries;

    public ScoringPass(RankingSpace space, IReadOnlyList<SettingGroup> groups, IReadOnlyList<ScoringPath> paths, int queries)
    {
        _space = space;
        _groups = groups;
        _paths = paths;
        _queries = queries;
        _terms = [.. groups.SelectMany(group => group.Fusion.Terms).Distinct()];
        _termsOfGroup = [.. groups.Select(group => group.Fusion.Terms.Select(term => Array.IndexOf(_terms, term)).ToArray())];
        foreach (ScoringPath path in paths)
        {
            path.Terms.Prepare(_terms);
        }
    }

    /// <summary>Receives the scores of one query for one group.</summary>
    public delegate void Receive(int query, SettingGroup group, ScoreRows rows);

    /// <summary>Scores all queries, blocks in parallel.</summary>
    public void Run(Receive receive, int threads, Action<int>? queriesDone, CancellationToken cancellationToken)
    {
        long bytesPerQuery = (long)_paths.Count * _terms.Length * _space.GalleryCount * sizeof(float);
        int block = (int)Math.Clamp(ScratchBytes / Math.Max(1, bytesPerQuery) / 8 * 8, 8, LargestBlock);
        int blocks = (_queries + block - 1) / block;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, blocks, options, () => new Scratch(_paths.Count, _terms.Length, block, _space.GalleryCount), (index, _, scratch) =>
        {
            int first = index * block;
            int count = Math.Min(block, _queries - first);
            Multiply(first, count, scratch);
            for (int query = first; query < first + count; query++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int group = 0; group < _groups.Count; group++)
                {
                    receive(query, _groups[group], Fuse(query, query - first, group, scratch));
                }
            }

            queriesDone?.Invoke(count);
            return scratch;
        }, _ => { });
    }

    private void Multiply(int first, int count, Scratch scratch)
    {
        int gallery = _space.GalleryCount;
        for (int path = 0; path < _paths.Count; path++)
        {
            for (int term = 0; term < _terms.Length; term++)
            {
                EmbeddingMatrix queries = _paths[path].Terms.Units(_terms[term]).Slice(first, count);
                _paths[path].Gallery.Compute(queries, scratch.Products[path].AsSpan(term * scratch.Stride, count * gallery));
            }
        }
    }

    private ScoreRows Fuse(int query, int inBlock, int group, Scratch scratch)
    {
        FusePath(query, inBlock, group, 0, scratch, scratch.Images);
        if (!_groups[group].UsesCaptions)
        {
            return new ScoreRows(scratch.Images, scratch.Images, scratch.Differences);
        }

        FusePath(query, inBlock, group, 1, scratch, scratch.Captions);
        for (int path = 2; path < _paths.Count; path++)
        {
            FusePath(query, inBlock, group, path, scratch, scratch.Differences);
            TensorPrimitives.Add(scratch.Captions, scratch.Differences, scratch.Captions);
        }

        if (_paths.Count > 2)
        {
            TensorPrimitives.Multiply(scratch.Captions, 1f / (_paths.Count - 1), scratch.Captions);
        }

        foreach (int item in _space.ImageOnlyItems)
        {
            scratch.Captions[item] = scratch.Images[item];
        }

        TensorPrimitives.Subtract(scratch.Captions, scratch.Images, scratch.Differences);
        return new ScoreRows(scratch.Images, scratch.Captions, scratch.Differences);
    }

    private void FusePath(int query, int inBlock, int group, int path, Scratch scratch, Span<float> scores)
    {
        TermRows rows = new(scratch.Products[path], scratch.Stride, inBlock * _space.GalleryCount, _space.GalleryCount, _termsOfGroup[group]);
        _groups[group].Fusion.Fuse(_paths[path].Terms, query, rows, scores);
    }

    private sealed class Scratch(int paths, int terms, int block, int gallery)
    {
        public int Stride { get; } = block * gallery;

        public float[][] Products { get; } = [.. Enumerable.Range(0, paths).Select(_ => new float[terms * block * gallery])];

        public float[] Images { get; } = new float[gallery];

        public float[] Captions { get; } = new float[gallery];

        public float[] Differences { get; } = new float[gallery];
    }
}
