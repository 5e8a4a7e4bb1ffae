namespace ZeroShotCir.Retrieval;

/// <summary>Holds what a retriever searches, so that it can be exchanged while searches run: each ends on what it began with. Thread-safe.</summary>
internal sealed class SharedSource(SearchSource first)
{
    private readonly Lock _gate = new();
    private Entry _current = new(first);

    /// <summary>What is searched now.</summary>
    public SearchSource Current
    {
        get
        {
            lock (_gate)
            {
                return _current.Source;
            }
        }
    }

    /// <summary>Begins to use what is searched now.</summary>
    /// <returns>The use; ended by disposing it.</returns>
    public Use Begin()
    {
        lock (_gate)
        {
            _current.Users++;
            return new Use(this, _current);
        }
    }

    /// <summary>Exchanges what is searched.</summary>
    /// <param name="next">What is searched from now on.</param>
    /// <returns>Ends with what was searched before, when nobody uses it any more.</returns>
    public Task<SearchSource> Exchange(SearchSource next)
    {
        lock (_gate)
        {
            Entry before = _current;
            _current = new Entry(next);
            before.IsReplaced = true;
            if (before.Users == 0)
            {
                before.Left.SetResult(before.Source);
            }

            return before.Left.Task;
        }
    }

    private void End(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0 && entry.IsReplaced)
            {
                entry.Left.SetResult(entry.Source);
            }
        }
    }

    /// <summary>One use of a source.</summary>
    internal sealed class Use : IDisposable
    {
        private readonly SharedSource _owner;
        private readonly Entry _entry;

        public Use(SharedSource owner, Entry entry)
        {
            _owner = owner;
            _entry = entry;
        }

        public SearchSource Source => _entry.Source;

        public void Dispose() => _owner.End(_entry);
    }

    internal sealed class Entry(SearchSource source)
    {
        public SearchSource Source { get; } = source;

        public int Users { get; set; }

        public bool IsReplaced { get; set; }

        public TaskCompletionSource<SearchSource> Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
