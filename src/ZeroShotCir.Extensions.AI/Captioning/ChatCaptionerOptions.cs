using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Captioning;

/// <summary>How a chat model describes images.</summary>
/// <remarks>Immutable; may be shared.</remarks>
public sealed record ChatCaptionerOptions
{
    private readonly int _maxCaptionLength = 1000;

    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="CaptionPrompt.Default"/>.</value>
    public CaptionPrompt Prompt { get; init; } = CaptionPrompt.Default;

    /// <summary>How the model is called.</summary>
    /// <value>The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    public ChatSettings Chat { get; init; } = new();

    /// <summary>The longest caption that is accepted.</summary>
    /// <value>In characters, at least 1. The default value is 1000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCaptionLength
    {
        get => _maxCaptionLength;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxCaptionLength = value;
        }
    }
}
