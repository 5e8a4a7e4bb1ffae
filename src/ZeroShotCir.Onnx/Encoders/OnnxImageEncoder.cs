using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Encodes images by the image graph of an <see cref="OnnxModelFolder"/>.</summary>
/// <remarks>
/// Thread-safe. Works on the calling thread, helped by the thread pool: while one batch runs, the next is decoded and
/// preprocessed straight into the graph's input. An <see cref="InvalidImageException"/> tells which image is bad.
/// Disposing waits for the batches in flight; a call that has more to do then ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxImageEncoder : IImageEncoder, IDisposable
{
    private readonly OnnxModelFolder _folder;
    private readonly GraphRunner _runner;
    private readonly IImageDecoder _decoder;
    private readonly ImagePreprocessor _preprocessor;
    private readonly OnnxModelOptions _options;
    private readonly Stack<ImageBatch> _free = [];

    internal OnnxImageEncoder(OnnxModelFolder folder, GraphRunner runner, IImageDecoder decoder, ImagePreprocessor preprocessor, OnnxModelOptions options)
    {
        _folder = folder;
        _runner = runner;
        _decoder = decoder;
        _preprocessor = preprocessor;
        _options = options;
    }

    /// <inheritdoc/>
    public EncoderInfo Info => field ??= new EncoderInfo(_folder.ModelId, _runner.Dimensions, _runner.Graph.UnitLength);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        EncoderArguments.CheckDestination(images.Count, _runner.Dimensions, destination);
        try
        {
            Encode(images, destination.Span, cancellationToken);
            return ValueTask.CompletedTask;
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Releases the graph, after the batches in flight.</summary>
    public void Dispose() => _runner.Dispose();

    private void Encode(IReadOnlyList<ImageData> images, Span<float> destination, CancellationToken cancellationToken)
    {
        ImageBatch? current = Start(images, 0, cancellationToken);
        ImageBatch? next = null;
        try
        {
            while (current is not null)
            {
                current.Finish();
                next = Start(images, current.First + current.Count, cancellationToken);
                current.Run(destination);
                End(current);
                (current, next) = (next, null);
            }
        }
        catch
        {
            Abandon(current);
            Abandon(next);
            throw;
        }
    }

    private ImageBatch? Start(IReadOnlyList<ImageData> images, int first, CancellationToken cancellationToken)
    {
        int count = Math.Min(_options.BatchSize, images.Count - first);
        if (count == 0)
        {
            return null;
        }

        ImageBatch? batch;
        lock (_free)
        {
            _free.TryPop(out batch);
        }

        batch ??= new ImageBatch(_runner, _decoder, _preprocessor, _options.DecodeLimits);
        batch.Start(images, first, count, cancellationToken);
        return batch;
    }

    private void End(ImageBatch batch)
    {
        batch.End();
        lock (_free)
        {
            _free.Push(batch);
        }
    }

    private void Abandon(ImageBatch? batch)
    {
        if (batch is null)
        {
            return;
        }

        try
        {
            batch.Finish();
        }
        catch (Exception e) when (e is ZeroShotCirException or OperationCanceledException)
        {
            // The call already ends with an earlier failure; only the workers had to come to rest.
        }
        finally
        {
            End(batch);
        }
    }
}
