using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>How a chat model is called: images, limits, retries, timeouts and prices.</summary>
/// <remarks>
/// Retries happen here and only here: turn those of the client off (for OpenAI's, <c>RetryPolicy = new ClientRetryPolicy(0)</c>).
/// Copied by what takes it: later changes do not reach that.
/// </remarks>
public sealed class ChatSettings
{
    private int _maxConcurrency = 4;
    private TimeSpan _timeout = TimeSpan.FromMinutes(2);
    private int _maxRetries = 6;
    private int _maxRepeats = 2;
    private TimeSpan _firstDelay = TimeSpan.FromSeconds(1);
    private TimeSpan _maxDelay = TimeSpan.FromMinutes(2);
    private int _maxAnswerLength = 100_000;
    private int? _maxOutputTokens;
    private int _maxEdge = 768;

    /// <summary>Makes options that have the default values.</summary>
    public ChatSettings()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public ChatSettings(ChatSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ModelId = other.ModelId;
        MaxConcurrency = other.MaxConcurrency;
        Timeout = other.Timeout;
        MaxRetries = other.MaxRetries;
        MaxRepeats = other.MaxRepeats;
        FirstDelay = other.FirstDelay;
        MaxDelay = other.MaxDelay;
        MaxAnswerLength = other.MaxAnswerLength;
        MaxOutputTokens = other.MaxOutputTokens;
        Shrinker = other.Shrinker;
        MaxEdge = other.MaxEdge;
        Temperature = other.Temperature;
        StructuredOutput = other.StructuredOutput;
        Price = other.Price;
        ReadFailure = other.ReadFailure;
        Secrets = other.Secrets;
        Names = other.Names;
        Clock = other.Clock;
    }

    /// <summary>The model.</summary>
    /// <value>The default value is <see langword="null"/>: the one that the client was made for.</value>
    public string? ModelId { get; set; }

    /// <summary>How many requests may be under way at once.</summary>
    /// <value>At least 1. The default value is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get => _maxConcurrency;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxConcurrency = value;
        }
    }

    /// <summary>How long one attempt may take before it counts as failed and is repeated.</summary>
    /// <value>More than zero. The default value is 2 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _timeout = value;
        }
    }

    /// <summary>How often a request is sent again after it failed.</summary>
    /// <value>At least 0. The default value is 6.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRetries
    {
        get => _maxRetries;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _maxRetries = value;
        }
    }

    /// <summary>How often the model is asked again after an answer that cannot be used. Each of them costs.</summary>
    /// <value>At least 0. The default value is 2.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRepeats
    {
        get => _maxRepeats;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _maxRepeats = value;
        }
    }

    /// <summary>The pause before the first retry where the server names none. It doubles with every retry and is shortened by up to a half at random.</summary>
    /// <value>At least zero. The default value is 1 second.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan FirstDelay
    {
        get => _firstDelay;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _firstDelay = value;
        }
    }

    /// <summary>The longest pause before a retry. A server that asks for a longer one is not waited for: the request fails and says so.</summary>
    /// <value>At least zero. The default value is 2 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxDelay
    {
        get => _maxDelay;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _maxDelay = value;
        }
    }

    /// <summary>The longest answer that is read; a longer one is refused. What the client itself may receive is bounded by <see cref="ChatHttpHandler.MaxAnswerBytes"/>.</summary>
    /// <value>In characters, at least 1. The default value is 100,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxAnswerLength
    {
        get => _maxAnswerLength;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxAnswerLength = value;
        }
    }

    /// <summary>The longest answer the model may write.</summary>
    /// <value>In tokens, at least 1. The default value is <see langword="null"/>: the model's own limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxOutputTokens
    {
        get => _maxOutputTokens;
        set
        {
            if (value is { } tokens)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1, nameof(MaxOutputTokens));
            }

            _maxOutputTokens = value;
        }
    }

    /// <summary>Scales images down before they are sent: fewer tokens, smaller requests.</summary>
    /// <value>The default value is <see langword="null"/>: images are sent as they are.</value>
    public IImageShrinker? Shrinker { get; set; }

    /// <summary>The longer edge that images are scaled down to, where there is a <see cref="Shrinker"/>.</summary>
    /// <value>In pixels, at least 1. The default value is 768.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxEdge
    {
        get => _maxEdge;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxEdge = value;
        }
    }

    /// <summary>How freely the model chooses its words.</summary>
    /// <value>The default value is <see langword="null"/>: the model's own; some models accept no other.</value>
    public float? Temperature { get; set; }

    /// <summary>How the model is told which JSON to answer with.</summary>
    /// <value>The default value is <see cref="StructuredOutput.JsonSchema"/>.</value>
    public StructuredOutput StructuredOutput { get; set; }

    /// <summary>What the model costs.</summary>
    /// <value>The default value is <see langword="null"/>: tokens are counted, costs are not.</value>
    public ChatPrice? Price { get; set; }

    /// <summary>Reads what the client throws: the status, the headers and the body; not needed over a <see cref="ChatHttpHandler"/>.</summary>
    /// <value>
    /// May return <see langword="null"/> for exceptions it does not know; <see cref="ChatFailure.FromException"/> reads those.
    /// The default value is <see langword="null"/>.
    /// </value>
    public Func<Exception, ChatFailure?>? ReadFailure { get; set; }

    /// <summary>
    /// Keys that a server may echo: neither they nor longer parts of them appear in messages or answers. A
    /// <see cref="ChatHttpHandler"/> masks those that its requests carry by itself.
    /// </summary>
    /// <value>The default value is empty.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public IReadOnlyList<string> Secrets
    {
        get;
        set => field = [.. value ?? throw new ArgumentNullException(nameof(value))];
    }
    = [];

    /// <summary>What messages call the settings that they advise to change.</summary>
    /// <value>The default value names the properties of this class.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ChatSettingNames Names
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = new();

    /// <summary>Measures timeouts and pauses.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider Clock
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = TimeProvider.System;
}
