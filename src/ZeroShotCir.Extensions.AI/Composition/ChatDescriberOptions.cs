using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>How a chat model describes the targets of composed queries.</summary>
/// <remarks>Copied by what takes it: later changes do not reach that.</remarks>
public sealed class ChatDescriberOptions
{
    private int _maxDescriptionLength = 1000;

    /// <summary>Makes options that have the default values.</summary>
    public ChatDescriberOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public ChatDescriberOptions(ChatDescriberOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Prompt = other.Prompt;
        Chat = other.Chat;
        MaxDescriptionLength = other.MaxDescriptionLength;
    }

    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="TargetPrompt.Default"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TargetPrompt Prompt
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = TargetPrompt.Default;

    /// <summary>How the model is called.</summary>
    /// <value>Copied when it is set. The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ChatSettings Chat
    {
        get;
        set => field = new ChatSettings(value);
    }
    = new();

    /// <summary>The longest description that is accepted.</summary>
    /// <value>In characters, at least 1. The default value is 1000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDescriptionLength
    {
        get => _maxDescriptionLength;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxDescriptionLength = value;
        }
    }
}
