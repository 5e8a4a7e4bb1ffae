using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Encodes images by the image graph of an <see cref="OnnxModelFolder"/>.</summary>
/// <remarks>
/// Thread-safe. Works on the thread pool, never on the thread that calls. Images are decoded and preprocessed straight into the graph's
/// input, on all processors; batches that fill all processors run one after another, others beside the preparation of the next.
/// An <see cref="InvalidImageException"/> tells which image is bad.
/// Disposing waits for the batches in flight; a call that has more to do then ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxImageEncoder : IImageEncoder, IDisposable
{
    private readonly NamedModel _model;
    private readonly int _batchSize;
    private readonly ImageReading _reading;
    private readonly JointEncoder? _joint;
    private readonly EncodingRole _role;
    private readonly RunTurns? _turns;

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
        _turns = runner.RowsPerRun != 1 && RunTurns.AreWorthIt(options.Execution) ? new RunTurns() : null;
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

        await EncodeBatchesAsync(images, destination, bad, cancellationToken).ConfigureAwait(false);
    }

    // Without a list for bad images the first of them ends the call.
    private async ValueTask EncodeBatchesAsync(
        IReadOnlyList<ImageData> images, Memory<float> destination, List<InvalidImageException>? bad, CancellationToken cancellationToken)
    {
        // Less than a batch is somebody's query, which waits for nobody.
        RunTurns? turns = images.Count == 1 || images.Count < _batchSize ? null : _turns;
        ImageBatch? current = null, next = null;
        try
        {
            for (int first = 0; first < images.Count;)
            {
                using IDisposable? turn = turns is null ? null : await turns.TakeAsync(cancellationToken).ConfigureAwait(false);
                if (current is null)
                {
                    current = Start(images, first, bad is not null, cancellationToken);
                }
                else if (turns is not null)
                {
                    current.GoOn();
                }

                current!.Help();
                next = Start(images, first + current.Count, bad is not null, cancellationToken);
                current.Finish(next);
                bad?.AddRange(current.Bad.Values);
                if (turns is not null)
                {
                    next?.Pause();
                }

                current.Run(destination.Span);
                first += current.Count;
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

        batch.Abandon();
        batch.End();
    }
}
