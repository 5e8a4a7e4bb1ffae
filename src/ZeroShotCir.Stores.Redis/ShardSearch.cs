using System.Globalization;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// One search of all shards at once: the best of what they answer, and what those that do not would have had. Where a filter leaves too few
/// hits, they look deeper, up to all their rows.
/// </summary>
internal sealed class ShardSearch(RedisSite site, ReadOnlyMemory<float> vector, int k, GalleryFilter? filter)
{
    private const int DepthStep = 8;
    private readonly string? _expression = filter is null ? null : RedisFilter.Translate(filter, out bool _);
    private readonly bool _isWhole = filter is null || IsWhole(filter);

    /// <summary>Whether a shard that answered had fewer rows than it should have: it lost them, or the store was pushed to or refolded.</summary>
    public bool HasLostRows { get; private set; }

    public async Task<StoreAnswer> RunAsync(RedisFolding folding, RedisFoldingState state, CancellationToken cancellationToken)
    {
        int shards = state.RowsOfShards.Count;
        long depth = Math.Max(site.Options.SearchDepth, k);
        // What the store cannot filter has to come here to be looked at.
        long count = _isWhole ? k : depth;
        while (true)
        {
            ShardReply[] replies = await Task.WhenAll(Enumerable.Range(0, shards).Select(
                shard => folding.FindAsync(shard, vector, count, depth, _expression, cancellationToken))).ConfigureAwait(false);
            StoreHit[] hits = [.. replies
                .SelectMany(reply => reply.Hits)
                .Where(hit => filter is null || filter.Matches(hit.Item))
                .OrderByDescending(hit => hit.Score)
                .ThenBy(hit => hit.Item.Id, StringComparer.Ordinal)
                .Take(k)];
            long largest = replies.Max(reply => reply.Rows);
            // A shard that was cut off may have better ones behind, unless its last one is worse already.
            bool isEnough = hits.Length == k && replies.All(reply => reply.Hits.Count < count || reply.Hits[^1].Score <= hits[^1].Score);
            bool isAll = depth >= largest && replies.All(reply => reply.Hits.Count < count || count >= largest);
            if (isEnough || isAll)
            {
                HasLostRows = replies.Where((reply, shard) => reply.Failure is null && reply.Rows < state.RowsOfShards[shard]).Any();
                return replies.All(reply => reply.Failure is not null)
                    ? throw new IOException($"No shard of the store '{site.Name}' answered: the first {replies[0].Failure}. Look whether its servers run.")
                    : new StoreAnswer(hits) { Missing = [.. Missing(replies, state)] };
            }

            depth = Math.Min(depth * DepthStep, Math.Max(depth, largest));
            count = _isWhole ? Math.Min(count * DepthStep, Math.Max(count, largest)) : Math.Max(count, depth);
        }
    }

    private static bool IsWhole(GalleryFilter filter)
    {
        RedisFilter.Translate(filter, out bool isWhole);
        return isWhole;
    }

    private static IEnumerable<string> Missing(ShardReply[] replies, RedisFoldingState state)
    {
        for (int shard = 0; shard < replies.Length; shard++)
        {
            long expected = state.RowsOfShards[shard];
            ShardReply reply = replies[shard];
            if (reply.Failure is { } failure)
            {
                long all = state.Description.Rows ?? state.RowsOfShards.Sum();
                yield return Sentence($"Shard {shard + 1} of {replies.Length} {failure}: {expected} of {all} images were not looked at.");
            }
            else if (reply.Rows < expected)
            {
                yield return Sentence($"Shard {shard + 1} of {replies.Length} has {reply.Rows} of its {expected} images. Push the gallery again.");
            }
        }

        if (!state.Description.IsWhole)
        {
            yield return Sentence($"A push of the gallery is under way or was cut off: the store may lack what was added since generation {state.Description.Generation}.");
        }
    }

    private static string Sentence(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
