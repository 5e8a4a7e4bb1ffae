using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>Encodes texts by a service. Thread-safe.</summary>
internal sealed class HttpTextEncoder(RowEncoder rows, EncoderInfo info, EncodingRole role) : ITextEncoder
{
    public EncoderInfo Info => info;

    public async ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        await rows.EncodeAsync([.. texts.Select(text => new ComposedInput(ComposedPart.FromText(text)))], role, destination, cancellationToken).ConfigureAwait(false);
    }
}
