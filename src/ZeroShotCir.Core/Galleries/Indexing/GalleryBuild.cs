using System.Diagnostics;
using System.Threading.Channels;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>One run of a <see cref="GalleryBuilder"/>: starts batches ahead, stores them in their order, commits now and then.</summary>
internal sealed class GalleryBuild(
    GalleryWriter writer, BuildPlan plan, BuildKnowledge knowledge, BuildEncoder encoder, GalleryBuilderOptions options, IProgress<int>? progress)
{
    // Bounds a batch where files are large, and the steps of the progress where nothing changed.
    private const long MaxBatchBytes = 64L << 20;
    private const int MaxBatchItems = 4096;
    private const int RangeItems = 256;

    private readonly List<GalleryFailure> _failed = [];
    private readonly List<GalleryFailure> _knownFailed = [];
    private readonly List<IncomingImage> _spoilt = [];
    private readonly SortedDictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private readonly HashSet<string> _contents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rootsWithImages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private readonly List<string> _removed = [];
    private readonly List<GalleryRename> _renamed = [];
    private int _added;
    private int _replaced;
    private int _unchanged;
    private int _duplicates;
    private int _done;

    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using SemaphoreSlim free = new(options.MaxConcurrency);
        Channel<Task<List<IncomingImage>>> batches = Channel.CreateUnbounded<Task<List<IncomingImage>>>();
        Task starting = Task.Run(() => StartAsync(free, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            Stopwatch sinceCommit = Stopwatch.StartNew();
            await foreach (Task<List<IncomingImage>> batch in batches.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                Store(await batch.ConfigureAwait(false));
                free.Release();
                if (sinceCommit.Elapsed >= options.CommitInterval && !options.Rebuild)
                {
                    writer.Commit();
                    sinceCommit.Restart();
                }
            }

            await starting.ConfigureAwait(false);
        }
        catch when (writer.CanWrite && !options.Rebuild)
        {
            writer.Commit();
            throw;
        }
        finally
        {
            // Encoders are the caller's: none may be at work when this returns.
            await stop.CancelAsync().ConfigureAwait(false);
            await SettleAsync(starting).ConfigureAwait(false);
            while (batches.Reader.TryRead(out Task<List<IncomingImage>>? batch))
            {
                await SettleAsync(batch).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes what is missing, if that was asked for, and commits.</summary>
    public GalleryBuildResult Finish()
    {
        if (options.Rebuild)
        {
            // No row of the old kind may stay beside the new ones.
            foreach ((ItemRecord item, _) in BuildKnowledge.Items(knowledge.Gallery).Where(entry => !_stored.Contains(entry.Item.Id)))
            {
                Remove(item.Id);
            }
        }
        else if (options.RemoveMissing)
        {
            // Without a single image in it, a root is rather away than empty.
            foreach (ItemRecord item in plan.Missing.Values.Where(item => item.Place is not { } place || _rootsWithImages.Contains(place.Root)))
            {
                Remove(item.Id);
            }
        }

        writer.Commit();
        return new GalleryBuildResult
        {
            Added = _added,
            Replaced = _replaced,
            Unchanged = _unchanged,
            Removed = _removed,
            Renamed = _renamed,
            Missing = [.. plan.Missing.Values.Select(item => item.Id).Where(writer.Contains)],
            Failed = _failed,
            KnownFailed = _knownFailed,
            LeftOut = _leftOut,
            Duplicates = _duplicates,
            Count = writer.Count,
        };
    }

    /// <summary>The files that could not be used, whatever run found it.</summary>
    public IEnumerable<IncomingImage> Spoilt => _spoilt;

    private void Remove(string id)
    {
        if (writer.Remove(id))
        {
            _removed.Add(id);
        }
    }

    private async Task StartAsync(SemaphoreSlim free, ChannelWriter<Task<List<IncomingImage>>> batches, CancellationToken cancellationToken)
    {
        try
        {
            List<IncomingImage> batch = [];
            int toRead = 0;
            long bytes = 0;
            for (int first = 0; first < plan.Sources.Count; first += MaxBatchItems)
            {
                foreach (IncomingImage item in LookAt(first, Math.Min(MaxBatchItems, plan.Sources.Count - first), cancellationToken))
                {
                    batch.Add(item);
                    toRead += item.Outcome == BuildOutcome.Pending ? 1 : 0;
                    bytes += item.BytesToRead;
                    if (toRead >= options.BatchSize || bytes >= MaxBatchBytes || batch.Count >= MaxBatchItems)
                    {
                        await StartAsync(batch).ConfigureAwait(false);
                        (batch, toRead, bytes) = ([], 0, 0);
                    }
                }
            }

            await StartAsync(batch).ConfigureAwait(false);
        }
        finally
        {
            batches.Complete();
        }

        async Task StartAsync(List<IncomingImage> items)
        {
            await free.WaitAsync(cancellationToken).ConfigureAwait(false);
            batches.TryWrite(Task.Run(
                async () =>
                {
                    await encoder.EncodeAsync(items, cancellationToken).ConfigureAwait(false);
                    return items;
                },
                cancellationToken));
        }
    }

    /// <summary>Looks at files on all processors: where nothing changed, that is all the work there is.</summary>
    private IncomingImage[] LookAt(int first, int count, CancellationToken cancellationToken)
    {
        IncomingImage[] looked = new IncomingImage[count];
        ParallelRanges.ForEach(count, RangeItems, LookAtRange, cancellationToken);
        return looked;

        void LookAtRange(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                looked[i] = IncomingImage.Look(plan.Sources[first + i], plan.Ordinals[first + i], knowledge);
            }
        }
    }

    private void Store(List<IncomingImage> items)
    {
        foreach (IncomingImage item in items)
        {
            if (item.Outcome == BuildOutcome.Pending)
            {
                TryPut(item);
            }

            Count(item);
        }

        progress?.Report(_done += items.Count);
    }

    private void TryPut(IncomingImage item)
    {
        try
        {
            writer.Put(item.ToEntry(), item.ToRecord());
            _stored.Add(item.Source.Id);
        }
        catch (Embeddings.InvalidEmbeddingException e)
        {
            item.Fail(e.Message, spoilt: true);
        }
    }

    private void Count(IncomingImage item)
    {
        if (item.Outcome is BuildOutcome.Failed or BuildOutcome.NoImage or BuildOutcome.KnownFailed && item.Known is not null)
        {
            Remove(item.Source.Id); // It may not answer with what its file showed before.
        }

        if (item.Outcome is BuildOutcome.KnownFailed || item.IsSpoilt)
        {
            _spoilt.Add(item);
        }

        switch (item.Outcome)
        {
            case BuildOutcome.NoImage:
                ImageFolder.CountEnding(_leftOut, item.Source.Path);
                return;
            case BuildOutcome.KnownFailed:
                _knownFailed.Add(new GalleryFailure(item.Source.Id, item.Error!));
                break;
            case BuildOutcome.Failed or BuildOutcome.Unreadable:
                _failed.Add(new GalleryFailure(item.Source.Id, item.Error!));
                break;
            case BuildOutcome.Unchanged:
                _unchanged++;
                break;
            default:
                CountStored(item);
                break;
        }

        if (item.Source.Place is { } place)
        {
            _rootsWithImages.Add(place.Root);
        }

        _duplicates += item.Outcome is BuildOutcome.Unchanged or BuildOutcome.Pending && !_contents.Add(item.Stamp!.Sha256) ? 1 : 0;
    }

    private void CountStored(IncomingImage item)
    {
        if (item.IsSame)
        {
            _unchanged++;
        }
        else if (item.Known is null && plan.TakeRenamed(item.Stamp!.Sha256) is { } former)
        {
            writer.Remove(former.Id);
            _renamed.Add(new GalleryRename(former.Id, item.Source.Id));
        }
        else
        {
            _added++;
            _replaced += item.Known is null ? 0 : 1;
        }
    }

    private static async Task SettleAsync(Task task)
        => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
