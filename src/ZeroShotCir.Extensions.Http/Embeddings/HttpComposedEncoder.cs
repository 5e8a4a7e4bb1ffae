using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>Encodes images and texts together by a service that reads both. Thread-safe.</summary>
internal sealed class HttpComposedEncoder(RowEncoder rows, EncoderInfo info, CompositionKind kind) : IComposedEncoder
{
    public EncoderInfo Info => info;

    public CompositionKind Kind => kind;

    public async ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        await rows.EncodeAsync(inputs, role, destination, cancellationToken).ConfigureAwait(false);
    }
}
