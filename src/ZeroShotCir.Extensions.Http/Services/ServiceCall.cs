using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>What one request asks for.</summary>
/// <param name="Model">The model.</param>
/// <param name="Inputs">The inputs, one embedding each.</param>
/// <param name="Role">What they are encoded for.</param>
/// <param name="Dimensions">The components that are asked for; <see langword="null"/> where the server is not told.</param>
/// <param name="Instruction">What is wanted, in words; <see langword="null"/> for what the service does by itself.</param>
internal sealed record ServiceCall(string Model, IReadOnlyList<ComposedInput> Inputs, EncodingRole Role, int? Dimensions, string? Instruction)
{
    /// <summary>Whether an input has an image.</summary>
    public bool HasImages => Inputs.Any(input => input.Parts.Any(part => part.Image is not null));
}
