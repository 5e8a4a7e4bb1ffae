using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging.Grids;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>How a chat model puts images that were found into an order.</summary>
public sealed class ChatRerankerOptions
{
    /// <summary>What the model is told.</summary>
    /// <value>The default value is <see cref="RerankerPrompt.Default"/>.</value>
    public RerankerPrompt Prompt
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Prompt));
            field = value;
        }
    } = RerankerPrompt.Default;

    /// <summary>How the model is called.</summary>
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

    /// <summary>Draws the images as one picture; as JPEG where there is a <see cref="ChatSettings.Shrinker"/>, else as PNG.</summary>
    /// <value>The default value is <see langword="null"/>: the images are sent one after the other.</value>
    public NumberedGrid? Grid { get; set; }

    internal ChatRerankerOptions Copy() => (ChatRerankerOptions)MemberwiseClone();
}
