using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>How a chat model says yes or no to images that were found.</summary>
public sealed class ChatYesNoOptions
{
    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="VerifierPrompt.YesNo"/>.</value>
    public VerifierPrompt Prompt
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Prompt));
            field = value;
        }
    } = VerifierPrompt.YesNo;

    /// <summary>How the model is called. The answer is one token, whatever these settings say of its length.</summary>
    /// <value>The default value is a <see cref="ChatSettings"/> with its defaults.</value>
    public ChatSettings Chat
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Chat));
            field = value;
        }
    } = new();

    /// <summary>How many of the likeliest tokens the server is asked for (<c>top_logprobs</c>).</summary>
    /// <value>From 2 to 20. The default value is 20, the most that OpenAI's protocol allows; some servers allow fewer.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that range.</exception>
    public int Alternatives
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(Alternatives));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 20, nameof(Alternatives));
            field = value;
        }
    } = 20;

    internal ChatYesNoOptions Copy() => (ChatYesNoOptions)MemberwiseClone();
}
