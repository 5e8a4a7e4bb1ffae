using ZeroShotCir.Diagnostics;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>Makes each index once and keeps the ones used last. Thread-safe; callers that need the same index wait for the first.</summary>
internal sealed class IndexCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(IndexKey Key, Lazy<ExactIndex> Index)> _recent = new();

    public ExactIndex Get(IndexKey key, Func<ExactIndex> create)
    {
        Lazy<ExactIndex> index;
        lock (_gate)
        {
            LinkedListNode<(IndexKey Key, Lazy<ExactIndex> Index)>? node = _recent.First;
            while (node is not null && !node.Value.Key.Equals(key))
            {
                node = node.Next;
            }

            Telemetry.CountCache("indexes", node is not null);
            if (node is null)
            {
                node = new((key, new Lazy<ExactIndex>(create)));
            }
            else
            {
                _recent.Remove(node);
            }

            _recent.AddFirst(node);
            if (_recent.Count > capacity)
            {
                _recent.RemoveLast();
            }

            index = node.Value.Index;
        }

        try
        {
            return index.Value;
        }
        catch
        {
            Forget(index);
            throw;
        }
    }

    // A failure may have been the query's fault or a lack of memory; the next query tries again.
    private void Forget(Lazy<ExactIndex> failed)
    {
        lock (_gate)
        {
            for (LinkedListNode<(IndexKey Key, Lazy<ExactIndex> Index)>? node = _recent.First; node is not null; node = node.Next)
            {
                if (ReferenceEquals(node.Value.Index, failed))
                {
                    _recent.Remove(node);
                    return;
                }
            }
        }
    }
}
