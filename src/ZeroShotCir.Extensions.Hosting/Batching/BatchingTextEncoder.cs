using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Configuration;

namespace ZeroShotCir.Extensions.Hosting.Batching;

/// <summary>Encodes the texts of concurrent callers together.</summary>
/// <remarks>
/// <para>
/// Serves concurrent callers. While the encoder works, calls wait; when it is free, those that wait go through it at once. A call of one
/// text on its own is not delayed. A row is that of the encoder: which texts were encoded beside it makes no difference.
/// </para>
/// <para>Disposing ends the queue; the encoder stays its owner's.</para>
/// </remarks>
public sealed class BatchingTextEncoder : ITextEncoder, IAsyncDisposable
{
    private readonly ITextEncoder _encoder;
    private readonly int _maxBatchSize;
    private readonly EncodingQueue<string> _queue;

    /// <summary>Puts a queue before an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="options">The bounds; <see langword="null"/> for the defaults.</param>
    public BatchingTextEncoder(ITextEncoder encoder, BatchingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        options ??= new BatchingOptions();
        _encoder = encoder;
        _maxBatchSize = options.MaxBatchSize;
        _queue = new EncodingQueue<string>(
            async (texts, rows, cancellationToken) =>
            {
                await encoder.EncodeAsync(texts, rows, cancellationToken).ConfigureAwait(false);
                return [];
            },
            encoder.Info.Dimensions,
            "text",
            options);
    }

    /// <inheritdoc/>
    public EncoderInfo Info => _encoder.Info;

    /// <inheritdoc/>
    /// <exception cref="EncodingQueueFullException">As many calls wait as may.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count == 0 || texts.Count >= _maxBatchSize || destination.Length != (long)texts.Count * Info.Dimensions
            ? _encoder.EncodeAsync(texts, destination, cancellationToken)
            : _queue.EncodeAsync(texts, destination, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _encoder.GetService(serviceType, serviceKey);
    }

    /// <summary>Ends the queue: calls that wait are still answered or fail.</summary>
    /// <returns>A task that ends when nothing is encoded any more.</returns>
    public ValueTask DisposeAsync() => _queue.DisposeAsync();
}
