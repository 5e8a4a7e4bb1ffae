using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>How a chat model describes the targets of composed queries.</summary>
/// <remarks>Immutable; may be shared.</remarks>
public sealed record ChatDescriberOptions
{
    private readonly int _maxDescriptionLength = 1000;

    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="TargetPrompt.Default"/>.</value>
    public TargetPrompt Prompt { get; init; } = TargetPrompt.Default;

    /// <summary>How the model is called.</summary>
    /// <value>The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    public ChatSettings Chat { get; init; } = new();

    /// <summary>The longest description that is accepted.</summary>
    /// <value>In characters, at least 1. The default value is 1000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDescriptionLength
    {
        get => _maxDescriptionLength;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxDescriptionLength = value;
        }
    }
}
