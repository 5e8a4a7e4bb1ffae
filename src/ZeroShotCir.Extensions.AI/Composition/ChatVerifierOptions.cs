using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>How a chat model judges images that were found.</summary>
/// <remarks>Copied by what takes it: later changes do not reach that.</remarks>
public sealed class ChatVerifierOptions
{
    /// <summary>Makes options that have the default values.</summary>
    public ChatVerifierOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public ChatVerifierOptions(ChatVerifierOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Prompt = other.Prompt;
        Chat = other.Chat;
    }

    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="VerifierPrompt.Default"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public VerifierPrompt Prompt
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = VerifierPrompt.Default;

    /// <summary>How the model is called.</summary>
    /// <value>Copied when it is set. The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ChatSettings Chat
    {
        get;
        set => field = new ChatSettings(value);
    }
    = new();
}
