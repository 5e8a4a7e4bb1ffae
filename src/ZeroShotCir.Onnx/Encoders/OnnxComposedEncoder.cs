using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Encoders;

/// <summary>Encodes images and texts together by the graphs of an <see cref="OnnxModelFolder"/> whose model reads both.</summary>
/// <remarks>
/// Thread-safe. What the model made of the images that were met last is kept, up to <see cref="OnnxModelOptions.SoftTokenCacheBytes"/>:
/// another sentence about the same image runs the text graph alone. Disposing waits for the runs in flight; a call that has more to
/// do then ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxComposedEncoder : IComposedEncoder, IDisposable
{
    private readonly OnnxModelFolder _folder;
    private readonly JointEncoder _joint;

    internal OnnxComposedEncoder(OnnxModelFolder folder, JointEncoder joint)
    {
        _folder = folder;
        _joint = joint;
    }

    /// <inheritdoc/>
    public EncoderInfo Info => field ??= new EncoderInfo(_folder.ModelId, _joint.Dimensions, UnitLength: true);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!Enum.IsDefined(role))
        {
            throw new ArgumentOutOfRangeException(nameof(role), role, "Expected Query or Document.");
        }

        EncoderArguments.CheckDestination(inputs.Count, _joint.Dimensions, destination);
        return EncodeElsewhereAsync(inputs, role, destination, cancellationToken);
    }

    /// <summary>Releases the graphs, after the runs in flight.</summary>
    public void Dispose() => _joint.Dispose();

    // Long work leaves the caller's thread.
    private async ValueTask EncodeElsewhereAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _joint.Encode(inputs, role, cuts: false, destination.Span, cancellationToken);
    }
}
