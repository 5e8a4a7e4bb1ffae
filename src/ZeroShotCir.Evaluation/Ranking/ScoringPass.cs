using System.Runtime.ExceptionServices;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Computes the scores of every query for groups of settings: the products of the vectors once, then for each group what its strategy
/// makes of them. Works through blocks of queries, so that memory stays bounded whatever the gallery's size.
/// </summary>
internal sealed class ScoringPass
{
    private const int LargestBlock = 128;
    private const long ScratchBytes = 64L << 20;
    private readonly RankingSpace _space;
    private readonly IReadOnlyList<SettingGroup> _groups;
    private readonly IReadOnlyList<ScoringPath> _paths;
    private readonly VectorChannel[] _channels;
    private readonly int[][] _channelsOfGroup;
    private readonly int[] _queries;

    public ScoringPass(RankingSpace space, IReadOnlyList<SettingGroup> groups, IReadOnlyList<ScoringPath> paths)
    {
        _space = space;
        _groups = groups;
        _paths = paths;
        _queries = space.QueriesByReference();
        VectorChannel[][] ofGroups = [.. groups.Select(group => VectorChannel.For(group.Strategy, paths.Max(path => path.Vectors.CountOf(group.Strategy))).ToArray())];
        _channels = [.. ofGroups.SelectMany(channels => channels).Distinct()];
        _channelsOfGroup = [.. ofGroups.Select(channels => channels.Select(channel => Array.IndexOf(_channels, channel)).ToArray())];
    }

    /// <summary>Receives the scores of one query for one group.</summary>
    public delegate void Receive(int query, GroupScores scores);

    /// <summary>Scores all queries, blocks in parallel.</summary>
    public void Run(Receive receive, int threads, Action<int>? queriesDone, CancellationToken cancellationToken)
    {
        long bytesPerQuery = (long)_paths.Count * _channels.Length * _space.GalleryCount * sizeof(float);
        long most = Math.Clamp(ScratchBytes / Math.Max(1, bytesPerQuery) / 8 * 8, 8, LargestBlock);

        // As many blocks as give every thread the same number of them.
        long rounds = Math.Max(1, CeilingOf(_queries.Length, most * threads));
        int block = (int)Math.Max(8, CeilingOf(CeilingOf(_queries.Length, rounds * threads), 8) * 8);
        int blocks = (_queries.Length + block - 1) / block;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, blocks, options, () => Room(block), (index, _, room) =>
            {
                int first = index * block;
                ReadOnlySpan<int> queries = _queries.AsSpan(first, Math.Min(block, _queries.Length - first));
                room.Products.Multiply(queries);
                for (int query = 0; query < queries.Length; query++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    for (int group = 0; group < _groups.Count; group++)
                    {
                        room.Scores.Begin(queries[query], query, _groups[group], _channelsOfGroup[group]);
                        receive(queries[query], room.Scores);
                    }
                }

                queriesDone?.Invoke(queries.Length);
                return room;
            }, _ => { });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static long CeilingOf(long dividend, long divisor) => (dividend + divisor - 1) / divisor;

    private (BlockProducts Products, GroupScores Scores) Room(int block)
    {
        BlockProducts products = new(_paths, _channels, block, _space.GalleryCount);
        return (products, new GroupScores(_space, _paths, products));
    }
}
