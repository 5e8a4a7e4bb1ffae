namespace ZeroShotCir.Extensions.Hosting.Caching;

/// <summary>Keeps the values that were used last, up to a total weight. Thread-safe.</summary>
internal sealed class RecentValues<TKey, TValue>(long capacity, Func<TValue, long> weigh)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _recent = new();
    private long _weight;

    public bool TryGet(TKey key, out TValue? value)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? node))
            {
                value = default;
                return false;
            }

            _recent.Remove(node);
            _recent.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    public void Put(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (_nodes.Remove(key, out LinkedListNode<(TKey Key, TValue Value)>? old))
            {
                Drop(old);
            }

            _nodes.Add(key, _recent.AddFirst((key, value)));
            _weight += weigh(value);
            while (_weight > capacity && _recent.Count > 1)
            {
                LinkedListNode<(TKey Key, TValue Value)> last = _recent.Last!;
                _nodes.Remove(last.Value.Key);
                Drop(last);
            }
        }
    }

    private void Drop(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _recent.Remove(node);
        _weight -= weigh(node.Value.Value);
    }
}
