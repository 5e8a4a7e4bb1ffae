namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What asking a chat model would cost, told before it is spent.</summary>
/// <remarks>
/// Requests and pictures are exact, but for what is sent again after a failure or an answer that cannot be used. Tokens are estimates: four
/// characters of text to one, and one for 28 × 28 pixels of a picture at the largest size that is sent (<see cref="ChatSettings.MaxEdge"/>),
/// which is more than most pictures have; models count from a third to twice that. Money comes from <see cref="ChatSettings.Price"/> alone. Immutable.
/// </remarks>
public sealed class ChatEstimate
{
    private const int CharactersPerToken = 4;

    private ChatEstimate(long requests, long pictures, long inputTokens, long outputTokens, decimal? cost)
    {
        Requests = requests;
        Pictures = pictures;
        InputTokens = inputTokens;
        OutputTokens = outputTokens;
        Cost = cost;
    }

    /// <summary>How many requests would be sent.</summary>
    public long Requests { get; }

    /// <summary>How many pictures they would carry.</summary>
    public long Pictures { get; }

    /// <summary>About how many tokens they would have.</summary>
    public long InputTokens { get; }

    /// <summary>About how many tokens the answers would have; a model that reasons writes many more.</summary>
    public long OutputTokens { get; }

    /// <summary>About what they would cost, in the currency of <see cref="ChatSettings.Price"/>; <see langword="null"/> without a price.</summary>
    public decimal? Cost { get; }

    /// <summary>Adds estimates up.</summary>
    /// <param name="estimates">The estimates; may be none.</param>
    /// <returns>Their sum; its cost is known where all are, and where there are none it is <see langword="null"/>.</returns>
    public static ChatEstimate Sum(IEnumerable<ChatEstimate> estimates)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ChatEstimate? sum = null;
        foreach (ChatEstimate next in estimates)
        {
            sum = sum is null
                ? next
                : new(sum.Requests + next.Requests, sum.Pictures + next.Pictures, sum.InputTokens + next.InputTokens, sum.OutputTokens + next.OutputTokens, sum.Cost + next.Cost);
        }

        return sum ?? new ChatEstimate(0, 0, 0, 0, null);
    }

    internal static ChatEstimate Create(long characters, PictureCounter pictures, int outputTokens, ChatPrice? price)
    {
        long inputTokens = pictures.Tokens + ((characters + CharactersPerToken - 1) / CharactersPerToken);
        return new ChatEstimate(1, pictures.Pictures, inputTokens, outputTokens, price?.ComputeCost(inputTokens, outputTokens));
    }
}
