using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Captioning;

/// <summary>How a chat model describes images.</summary>
/// <remarks>Copied by what takes it: later changes do not reach that.</remarks>
public sealed class ChatCaptionerOptions
{
    private int _maxCaptionLength = 1000;

    /// <summary>Makes options that have the default values.</summary>
    public ChatCaptionerOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public ChatCaptionerOptions(ChatCaptionerOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Prompt = other.Prompt;
        Chat = other.Chat;
        MaxCaptionLength = other.MaxCaptionLength;
    }

    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="CaptionPrompt.Default"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public CaptionPrompt Prompt
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = CaptionPrompt.Default;

    /// <summary>How the model is called.</summary>
    /// <value>Copied when it is set. The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ChatSettings Chat
    {
        get;
        set => field = new ChatSettings(value);
    }
    = new();

    /// <summary>The longest caption that is accepted.</summary>
    /// <value>In characters, at least 1. The default value is 1000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCaptionLength
    {
        get => _maxCaptionLength;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxCaptionLength = value;
        }
    }
}
