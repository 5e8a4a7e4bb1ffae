using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>How a chat model judges images that were found.</summary>
/// <remarks>Immutable; may be shared.</remarks>
public sealed record ChatVerifierOptions
{
    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="VerifierPrompt.Default"/>.</value>
    public VerifierPrompt Prompt { get; init; } = VerifierPrompt.Default;

    /// <summary>How the model is called.</summary>
    /// <value>The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    public ChatSettings Chat { get; init; } = new();
}
