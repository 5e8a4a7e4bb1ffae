using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Encodes images by the image graph of an <see cref="OnnxModelFolder"/>.</summary>
/// <remarks>
/// Thread-safe. Works on the thread pool, never on the thread that calls: while one batch runs, the next is decoded and
/// preprocessed straight into the graph's input. An <see cref="InvalidImageException"/> tells which image is bad.
/// Disposing waits for the batches in flight; a call that has more to do then ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxImageEncoder : IImageEncoder, IDisposable
{
    private readonly NamedModel _model;
    private readonly int _batchSize;
    private readonly ImageReading _reading;
    private readonly JointEncoder? _joint;
    private readonly EncodingRole _role;

    internal OnnxImageEncoder(NamedModel model, JointEncoder joint, EncodingRole role, IImageDecoder decoder)
    {
        _model = model;
        _joint = joint;
        _role = role;
        _reading = new ImageReading
        {
            Orientation = model.Options.DecodeOptions.Orientation,
            ResizeOrder = model.Options.ResizeOrder,
            Resolution = model.Options.DecodeOptions.Resolution,
            Decoder = decoder.Name,
        };
    }

    internal OnnxImageEncoder(NamedModel model, GraphRunner runner, IImageDecoder decoder, ImagePreprocessor preprocessor, OnnxModelOptions options)
    {
        _model = model;
        Runner = runner;
        _batchSize = options.BatchSize;
        _reading = new ImageReading
        {
            Orientation = options.DecodeOptions.Orientation,
            ResizeOrder = preprocessor.Settings.ResizeOrder,
            Resolution = options.DecodeOptions.Resolution,
            Decoder = decoder.Name,
        };
        Preparation = new ImagePreparation(runner, decoder, preprocessor, options.DecodeOptions);
    }

    /// <summary>What the graphs were given since the encoder was made; <see langword="null"/> of models whose images have one size.</summary>
    public EncodingLoad? Load => _joint?.Load;

    /// <inheritdoc/>
    public EncoderInfo Info => field ??= _joint is null
        ? new EncoderInfo(_model.Id, Runner.Dimensions, Runner.Graph.UnitLength) { Reading = _reading }
        : _model.InfoOf(_role) with { Reading = _reading };

    /// <summary>What runs the graph; not there for a model that reads images and texts together.</summary>
    internal GraphRunner Runner { get; } = null!;

    /// <summary>What happens to each image.</summary>
    internal ImagePreparation Preparation { get; } = null!;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        RowChecks.CheckDestination(images.Count, _joint?.Dimensions ?? Runner.Dimensions, destination);
        return EncodeElsewhereAsync(images, destination, null, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public ValueTask<IReadOnlyList<InvalidImageException>> EncodeValidAsync(
        IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        RowChecks.CheckDestination(images.Count, _joint?.Dimensions ?? Runner.Dimensions, destination);
        return EncodeAsync();

        async ValueTask<IReadOnlyList<InvalidImageException>> EncodeAsync()
        {
            List<InvalidImageException> bad = [];
            await EncodeElsewhereAsync(images, destination, bad, cancellationToken).ConfigureAwait(false);
            return bad;
        }
    }

    /// <summary>Releases the graph, after the batches in flight.</summary>
    public void Dispose()
    {
        _joint?.Dispose();
        Runner?.Dispose();
    }

    // Long work leaves the caller's thread.
    private async ValueTask EncodeElsewhereAsync(
        IReadOnlyList<ImageData> images, Memory<float> destination, List<InvalidImageException>? bad, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_joint is not null)
        {
            _joint.Encode([.. images.Select(image => new ComposedInput(ComposedPart.FromImage(image)))], _role, cuts: false, destination.Span, cancellationToken, bad);
            return;
        }

        Encode(images, destination.Span, bad, cancellationToken);
    }

    // Without a list for bad images the first of them ends the call.
    private void Encode(IReadOnlyList<ImageData> images, Span<float> destination, List<InvalidImageException>? bad, CancellationToken cancellationToken)
    {
        ImageBatch? current = Start(images, 0, bad is not null, cancellationToken);
        ImageBatch? next = null;
        try
        {
            while (current is not null)
            {
                current.Finish();
                bad?.AddRange(current.Bad.Values);
                next = Start(images, current.First + current.Count, bad is not null, cancellationToken);
                current.Run(destination);
                current.End();
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

    private ImageBatch? Start(IReadOnlyList<ImageData> images, int first, bool toleratesBad, CancellationToken cancellationToken)
    {
        int count = Math.Min(_batchSize, images.Count - first);
        return count == 0 ? null : ImageBatch.Start(Runner, Preparation, images, first, count, toleratesBad, cancellationToken);
    }

    private static void Abandon(ImageBatch? batch)
    {
        if (batch is null)
        {
            return;
        }

        try
        {
            batch.Finish();
        }
        catch (Exception)
        {
            // The call already ends with an earlier failure; only the workers had to come to rest.
        }
        finally
        {
            batch.End();
        }
    }
}
