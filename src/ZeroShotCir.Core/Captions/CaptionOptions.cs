namespace ZeroShotCir.Captions;

/// <summary>What captions are asked for.</summary>
public sealed record CaptionOptions
{
    private readonly int _count = 1;
    private readonly int? _maxTokens;

    /// <summary>How many captions.</summary>
    /// <value>At least 1. The default value is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Count
    {
        get => _count;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _count = value;
        }
    }

    /// <summary>The longest caption, in tokens that the captioner writes; neither the token that every caption starts with nor a prompt counts.</summary>
    /// <value>At least 1, or <see langword="null"/>, the default value, for the captioner's own limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxTokens
    {
        get => _maxTokens;
        init
        {
            if (value is { } tokens)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1, nameof(MaxTokens));
            }

            _maxTokens = value;
        }
    }

    /// <summary>Makes sampling repeatable where the captioner samples.</summary>
    /// <value>The default value is 0.</value>
    public int Seed { get; init; }
}
