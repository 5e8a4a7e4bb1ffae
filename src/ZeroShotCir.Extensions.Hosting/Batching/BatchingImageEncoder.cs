using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.Hosting.Batching;

/// <summary>Encodes the images of concurrent callers together.</summary>
/// <remarks>
/// <para>
/// Serves concurrent callers. While the encoder works, calls wait; when it is free, those that wait go through it at once. A call of one
/// image on its own is not delayed. A row is that of the encoder: which images were encoded beside it makes no difference, and a picture
/// that cannot be decoded fails the call that brought it alone.
/// </para>
/// <para>Disposing ends the queue; the encoder stays its owner's.</para>
/// </remarks>
public sealed class BatchingImageEncoder : IImageEncoder, IAsyncDisposable
{
    private readonly IImageEncoder _encoder;
    private readonly int _maxBatchSize;
    private readonly EncodingQueue<ImageData> _queue;

    /// <summary>Puts a queue before an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="options">The bounds; <see langword="null"/> for the defaults.</param>
    public BatchingImageEncoder(IImageEncoder encoder, BatchingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        options ??= new BatchingOptions();
        _encoder = encoder;
        _maxBatchSize = options.MaxBatchSize;
        _queue = new EncodingQueue<ImageData>(encoder.EncodeValidAsync, encoder.Info.Dimensions, "image", options);
    }

    /// <inheritdoc/>
    public EncoderInfo Info => _encoder.Info;

    /// <inheritdoc/>
    /// <exception cref="EncodingQueueFullException">As many calls wait as may.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Count == 0 || images.Count >= _maxBatchSize || destination.Length != (long)images.Count * Info.Dimensions
            ? _encoder.EncodeAsync(images, destination, cancellationToken)
            : _queue.EncodeAsync(images, destination, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InvalidImageException>> EncodeValidAsync(
        IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        => _encoder.EncodeValidAsync(images, destination, cancellationToken);

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
