using Microsoft.Extensions.AI;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.AI.Embeddings;

/// <summary>An encoder of this library as an embedding generator.</summary>
internal sealed class EncoderGenerator<TInput>(
    object encoder, EncoderInfo info, Func<IReadOnlyList<TInput>, Memory<float>, CancellationToken, ValueTask> encode)
    : IEmbeddingGenerator<TInput, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("zeroshotcir", providerUri: null, info.ModelId, info.Dimensions);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        Expect(
            options?.Dimensions is null || options.Dimensions == info.Dimensions,
            $"{options?.Dimensions} dimensions were asked for; the model '{info.ModelId}' writes {info.Dimensions}.");
        Expect(options?.ModelId is null || options.ModelId == info.ModelId, $"The model '{options?.ModelId}' was asked for; this is '{info.ModelId}'.");
        TInput[] inputs = [.. values];
        float[] rows = new float[inputs.Length * info.Dimensions];
        await encode(inputs, rows, cancellationToken).ConfigureAwait(false);
        return [.. Enumerable.Range(0, inputs.Length)
            .Select(row => new Embedding<float>(rows.AsMemory(row * info.Dimensions, info.Dimensions)) { ModelId = info.ModelId })];

        static void Expect(bool holds, string message)
        {
            if (!holds)
            {
                throw new ArgumentException(message, nameof(options));
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(encoder) ? encoder
            : null;
    }

    public void Dispose()
    {
        // The encoder is its owner's to dispose.
    }
}
