using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>Adds by their weight what a service encodes apart, each half in the role that is asked for. Thread-safe.</summary>
internal sealed class SeparateComposedEncoder(HttpEmbeddingModel model, double alpha) : IComposedEncoder
{
    private readonly TwoTowerComposedEncoder _queries = TwoTowerComposedEncoder.Weighted(model.CreateImageEncoder(EncodingRole.Query), model.CreateTextEncoder(), alpha);
    private readonly TwoTowerComposedEncoder _documents = TwoTowerComposedEncoder.Weighted(model.CreateImageEncoder(), model.CreateTextEncoder(EncodingRole.Document), alpha);

    public EncoderInfo Info => field ??= _documents.Info with { Space = model.ModelId };

    public CompositionKind Kind => CompositionKind.Separate;

    public ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
        => (role == EncodingRole.Query ? _queries : _documents).EncodeAsync(inputs, role, destination, cancellationToken);
}
