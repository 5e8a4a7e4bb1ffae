using Microsoft.Extensions.AI;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.AI.Embeddings;

/// <summary>Writes what an embedding generator returns into rows, after looking at it.</summary>
internal sealed class GeneratorRows<TInput>(IEmbeddingGenerator<TInput, Embedding<float>> generator, EncoderInfo? info)
{
    public EncoderInfo Info { get; } = info ?? Describe(generator);

    public async ValueTask WriteAsync(IReadOnlyList<TInput> inputs, Memory<float> destination, CancellationToken cancellationToken)
    {
        if (destination.Length != (long)inputs.Count * Info.Dimensions)
        {
            throw new ArgumentException(
                $"{inputs.Count} embeddings of {Info.Dimensions} components need {(long)inputs.Count * Info.Dimensions} numbers; "
                + $"the destination has {destination.Length}.", nameof(destination));
        }

        if (inputs.Count == 0)
        {
            return;
        }

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(inputs, options: null, cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != inputs.Count)
        {
            throw new InvalidEmbeddingException(
                $"The generator of '{Info.ModelId}' returned {embeddings.Count} embeddings for {inputs.Count} inputs; expected one each. "
                + "Give it fewer at once, or another generator.");
        }

        for (int row = 0; row < embeddings.Count; row++)
        {
            ReadOnlySpan<float> vector = embeddings[row].Vector.Span;
            EmbeddingGuard.ThrowIfDimensionsDiffer(vector.Length, Info.Dimensions, $"The embedding {row} of the generator of '{Info.ModelId}'");
            EmbeddingGuard.ThrowIfNotFinite(vector, $"The embedding {row} of the generator of '{Info.ModelId}'");
            vector.CopyTo(destination.Span[(row * Info.Dimensions)..]);
        }
    }

    private static EncoderInfo Describe(IEmbeddingGenerator<TInput, Embedding<float>> generator)
        => generator.GetService<EmbeddingGeneratorMetadata>() is { DefaultModelId: { } model, DefaultModelDimensions: { } dimensions }
            ? new EncoderInfo(model, dimensions, isUnitLength: false)
            : throw new ArgumentException(
                "The embedding generator does not say its model and dimension; "
                + $"give an {nameof(EncoderInfo)}, since embeddings of different models must not be compared.", nameof(generator));
}
