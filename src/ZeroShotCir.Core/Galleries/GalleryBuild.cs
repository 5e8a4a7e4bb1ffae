using System.Diagnostics;
using System.Threading.Channels;

namespace ZeroShotCir.Galleries;

/// <summary>One run of a <see cref="GalleryBuilder"/>: starts batches ahead, stores them in their order, commits now and then.</summary>
internal sealed class GalleryBuild(GalleryWriter writer, BuildEncoder encoder, GalleryBuilderOptions options, IProgress<int>? progress)
{
    // Bounds a batch where files are large, and the steps of the progress where nothing changed.
    private const long MaxBatchBytes = 64L << 20;
    private const int MaxBatchItems = 4096;

    private readonly Gallery _before = writer.Committed;
    private readonly List<KeyValuePair<string, ZeroShotCirException>> _failed = [];
    private int _added;
    private int _replaced;
    private int _unchanged;

    public async Task StoreAsync(IReadOnlyList<GallerySource> sources, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using SemaphoreSlim free = new(options.Concurrency);
        Channel<Task<List<BuildItem>>> batches = Channel.CreateUnbounded<Task<List<BuildItem>>>();
        Task starting = Task.Run(() => StartAsync(sources, free, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            Stopwatch sinceCommit = Stopwatch.StartNew();
            await foreach (Task<List<BuildItem>> batch in batches.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                Store(await batch.ConfigureAwait(false));
                free.Release();
                if (sinceCommit.Elapsed >= options.CommitInterval)
                {
                    writer.Commit();
                    sinceCommit.Restart();
                }
            }

            await starting.ConfigureAwait(false);
        }
        catch when (writer.CanWrite)
        {
            writer.Commit();
            throw;
        }
        finally
        {
            // Encoders are the caller's: none may be at work when this returns.
            await stop.CancelAsync().ConfigureAwait(false);
            await SettleAsync(starting).ConfigureAwait(false);
            while (batches.Reader.TryRead(out Task<List<BuildItem>>? batch))
            {
                await SettleAsync(batch).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes what is not wanted any more, if that was asked for, and commits.</summary>
    public GalleryBuildResult Finish(HashSet<string> wanted)
    {
        int removed = 0;
        if (options.RemoveMissing)
        {
            for (int ordinal = 0; ordinal < _before.OrdinalCount; ordinal++)
            {
                if (!_before.IsRemoved(ordinal) && _before.IdOf(ordinal) is { } id && !wanted.Contains(id) && writer.Remove(id))
                {
                    removed++;
                }
            }
        }

        writer.Commit();
        return new GalleryBuildResult
        {
            Added = _added,
            Replaced = _replaced,
            Unchanged = _unchanged,
            Removed = removed,
            Failed = _failed,
            Count = writer.Count,
        };
    }

    private async Task StartAsync(
        IReadOnlyList<GallerySource> sources, SemaphoreSlim free, ChannelWriter<Task<List<BuildItem>>> batches, CancellationToken cancellationToken)
    {
        try
        {
            List<BuildItem> batch = [];
            int toRead = 0;
            long bytes = 0;
            foreach (GallerySource source in sources)
            {
                cancellationToken.ThrowIfCancellationRequested();
                BuildItem item = BuildItem.Look(source, _before);
                batch.Add(item);
                toRead += item.Outcome == BuildOutcome.Pending ? 1 : 0;
                bytes += item.BytesToRead;
                if (toRead >= options.BatchSize || bytes >= MaxBatchBytes || batch.Count >= MaxBatchItems)
                {
                    await StartAsync(batch).ConfigureAwait(false);
                    (batch, toRead, bytes) = ([], 0, 0);
                }
            }

            await StartAsync(batch).ConfigureAwait(false);
        }
        finally
        {
            batches.Complete();
        }

        async Task StartAsync(List<BuildItem> items)
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

    private void Store(List<BuildItem> items)
    {
        foreach (BuildItem item in items)
        {
            if (item.Outcome == BuildOutcome.Pending)
            {
                TryPut(item);
            }

            if (item.Error is { } error)
            {
                _failed.Add(KeyValuePair.Create(item.Source.Id, error));
            }
            else if (item.Outcome == BuildOutcome.Unchanged)
            {
                _unchanged++;
            }
            else
            {
                _added++;
                _replaced += item.Known is null ? 0 : 1;
            }
        }

        progress?.Report(_added + _unchanged + _failed.Count);
    }

    private void TryPut(BuildItem item)
    {
        try
        {
            writer.Put(item.ToEntry(), item.ToRecord());
        }
        catch (Embeddings.InvalidEmbeddingException e)
        {
            item.Fail(e);
        }
    }

    private static async Task SettleAsync(Task task)
        => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
