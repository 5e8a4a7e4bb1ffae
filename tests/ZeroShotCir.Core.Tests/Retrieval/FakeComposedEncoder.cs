using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Tests.Galleries;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>Encodes an input as a pseudo-random vector that depends on its parts, their order and its role, and on nothing else.</summary>
internal sealed class FakeComposedEncoder(int dimensions, string modelId = "fake") : IComposedEncoder
{
    public EncoderInfo Info { get; } = new(modelId, dimensions, isUnitLength: false);

    public CompositionKind Kind => CompositionKind.Joint;

    /// <summary>How many inputs each call had.</summary>
    public List<int> Calls { get; } = [];

    public float[] Row(EncodingRole role, params IReadOnlyList<ComposedPart> parts)
        => FakeEncoder.Embed(Encoding.UTF8.GetBytes($"{role}:{string.Concat(parts.Select(Spell))}"), Info.Dimensions);

    public ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        Calls.Add(inputs.Count);
        for (int i = 0; i < inputs.Count; i++)
        {
            Row(role, inputs[i].Parts).CopyTo(destination.Span[(i * Info.Dimensions)..]);
        }

        return ValueTask.CompletedTask;
    }

    private static string Spell(ComposedPart part) => part.Text ?? $"<{Encoding.UTF8.GetString(part.Image!.Data.Span)}>";
}
