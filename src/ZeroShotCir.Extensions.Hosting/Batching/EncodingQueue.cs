using System.Buffers;
using System.Threading.Channels;
using ZeroShotCir.Diagnostics;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.Hosting.Batching;

/// <summary>
/// Encodes what waits in one go, then what came meanwhile: nobody waits for a batch to fill, and under load batches fill by themselves.
/// One caller's bad input fails that caller alone.
/// </summary>
internal sealed class EncodingQueue<TInput> : IAsyncDisposable
{
    private readonly int _dimensions;
    private readonly string _kind;
    private readonly int _maxBatchSize;
    private readonly int _limit;
    private readonly Func<IReadOnlyList<TInput>, Memory<float>, CancellationToken, ValueTask<IReadOnlyList<InvalidImageException>>> _encode;
    private readonly Channel<QueuedCall<TInput>> _calls;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;

    /// <param name="encode">Encodes inputs and says what is wrong with the bad ones by their index.</param>
    /// <param name="dimensions">The number of components of a row.</param>
    /// <param name="kind">What is encoded, for metrics.</param>
    /// <param name="options">The bounds.</param>
    public EncodingQueue(
        Func<IReadOnlyList<TInput>, Memory<float>, CancellationToken, ValueTask<IReadOnlyList<InvalidImageException>>> encode, int dimensions, string kind, BatchingOptions options)
    {
        _encode = encode;
        _dimensions = dimensions;
        _kind = kind;
        _maxBatchSize = options.MaxBatchSize;
        _limit = options.QueueLimit;
        _calls = Channel.CreateBounded<QueuedCall<TInput>>(new BoundedChannelOptions(_limit) { SingleReader = true });
        _worker = Task.Run(WorkAsync);
    }

    public async ValueTask EncodeAsync(IReadOnlyList<TInput> inputs, Memory<float> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using QueuedCall<TInput> call = new(inputs, destination, cancellationToken);
        if (!_calls.Writer.TryWrite(call))
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            throw new EncodingQueueFullException(
                $"{_limit} calls wait for the {_kind} encoder already, as many as {nameof(BatchingOptions)}.{nameof(BatchingOptions.QueueLimit)} allows. "
                + "Try again later, or raise the limit.");
        }

        Count(inputs.Count);
        await call.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _worker.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        List<QueuedCall<TInput>> batch = [];
        while (await _calls.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            int size = 0;
            while (_calls.Reader.TryPeek(out QueuedCall<TInput>? next) && (size == 0 || size + next.Inputs.Count <= _maxBatchSize))
            {
                _calls.Reader.TryRead(out _);
                Count(-next.Inputs.Count);
                if (!next.IsOver)
                {
                    batch.Add(next);
                    size += next.Inputs.Count;
                }
            }

            if (batch.Count > 0)
            {
                await EncodeAsync(batch, size).ConfigureAwait(false);
                batch.Clear();
            }
        }
    }

    private async Task EncodeAsync(List<QueuedCall<TInput>> batch, int size)
    {
        Telemetry.BatchSize.Record(size, new KeyValuePair<string, object?>("kind", _kind));
        using IMemoryOwner<float> owner = MemoryPool<float>.Shared.Rent(Math.Max(1, size * _dimensions));
        Memory<float> rows = owner.Memory[..(size * _dimensions)];
        try
        {
            IReadOnlyList<InvalidImageException> bad = await _encode([.. batch.SelectMany(call => call.Inputs)], rows, _stop.Token).ConfigureAwait(false);
            int first = 0;
            foreach (QueuedCall<TInput> call in batch)
            {
                int start = first, end = first + call.Inputs.Count;
                if (bad.FirstOrDefault(failure => failure.Index >= start && failure.Index < end) is { } own)
                {
                    call.Fail(new InvalidImageException(own.Message, own) { Index = own.Index - start });
                }
                else
                {
                    call.Finish(rows.Span[(start * _dimensions)..(end * _dimensions)]);
                }

                first = end;
            }
        }
        catch (Exception e) when (batch.Count == 1)
        {
            batch[0].Fail(e is OperationCanceledException && _stop.IsCancellationRequested ? new ObjectDisposedException(GetType().Name) : e);
        }
        catch (Exception)
        {
            // One of them is to blame, and the others are not to suffer for it.
            foreach (QueuedCall<TInput> call in batch)
            {
                await EncodeAsync([call], call.Inputs.Count).ConfigureAwait(false);
            }
        }
    }

    private void Count(int inputs) => Telemetry.QueuedInputs.Add(inputs, new KeyValuePair<string, object?>("kind", _kind));
}
