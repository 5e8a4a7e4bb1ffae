namespace ZeroShotCir.Captions;

/// <summary>What captions are asked for.</summary>
public sealed class CaptionOptions
{
    private int _count = 1;
    private int? _maxTokens;

    /// <summary>Makes options that have the default values.</summary>
    public CaptionOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public CaptionOptions(CaptionOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Count = other.Count;
        MaxTokens = other.MaxTokens;
        Seed = other.Seed;
    }

    /// <summary>How many captions.</summary>
    /// <value>At least 1. The default value is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Count
    {
        get => _count;
        set
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
        set
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
    public int Seed { get; set; }
}
