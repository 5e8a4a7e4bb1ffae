using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.AI.Embeddings;

/// <summary>An embedding generator of texts as an encoder of this library.</summary>
internal sealed class GeneratorTextEncoder(GeneratorRows<string> rows) : ITextEncoder
{
    public EncoderInfo Info => rows.Info;

    public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return rows.WriteAsync(texts, destination, cancellationToken);
    }
}
