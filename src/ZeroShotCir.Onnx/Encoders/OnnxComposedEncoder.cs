using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>
/// Encodes images and texts together as the model of an <see cref="OnnxModelFolder"/> composes them: read at once, or as the sum of two towers
/// that were trained for it.
/// </summary>
/// <remarks>
/// Thread-safe. What a model that reads both made of the images that were met last is kept, up to <see cref="OnnxModelOptions.SoftTokenCacheBytes"/>:
/// another sentence about the same image runs the text graph alone. Disposing waits for the runs in flight; a call that has more to
/// do then ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxComposedEncoder : IComposedEncoder, IDisposable
{
    private readonly NamedModel _model;
    private readonly JointEncoder? _joint;
    private readonly TwoTowerComposedEncoder? _sum;
    private readonly IReadOnlyList<IDisposable> _graphs;

    internal OnnxComposedEncoder(NamedModel model, JointEncoder joint)
    {
        _model = model;
        _joint = joint;
        _graphs = [joint];
    }

    internal OnnxComposedEncoder(NamedModel model, OnnxImageEncoder images, OnnxTextEncoder texts)
    {
        _model = model;
        _sum = TwoTowerComposedEncoder.Sum(images, texts);
        _graphs = [images, texts];
    }

    /// <summary>What the graphs were given since the encoder was made; <see langword="null"/> of models whose images have one size.</summary>
    public EncodingLoad? Load => _joint?.Load;

    /// <inheritdoc/>
    public EncoderInfo Info => field ??= _sum?.Info ?? new EncoderInfo(_model.Id, _joint!.Dimensions, isUnitLength: true) { CanBeCut = true };

    /// <inheritdoc/>
    public CompositionKind Kind => _sum?.Kind ?? CompositionKind.Joint;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!Enum.IsDefined(role))
        {
            throw new ArgumentOutOfRangeException(nameof(role), role, "Expected Query or Document.");
        }

        RowChecks.CheckDestination(inputs.Count, Info.Dimensions, destination);
        return _sum?.EncodeAsync(inputs, role, destination, cancellationToken) ?? EncodeElsewhereAsync(inputs, role, destination, cancellationToken);
    }

    /// <summary>Releases the graphs, after the runs in flight.</summary>
    public void Dispose()
    {
        foreach (IDisposable graph in _graphs)
        {
            graph.Dispose();
        }
    }

    // Long work leaves the caller's thread.
    private async ValueTask EncodeElsewhereAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _joint!.Encode(inputs, role, cuts: false, destination.Span, cancellationToken);
    }
}
