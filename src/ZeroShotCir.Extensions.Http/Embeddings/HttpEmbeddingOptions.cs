using ZeroShotCir.Answers;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>How an embedding service is asked.</summary>
public sealed class HttpEmbeddingOptions
{
    /// <summary>The key; never printed, stored, or part of an identity.</summary>
    /// <value>The default value is <see langword="null"/>: none is sent.</value>
    /// <exception cref="ArgumentException">The value is blank or has a line break.</exception>
    public string? Key
    {
        get;
        set => field = value is null || (!string.IsNullOrWhiteSpace(value) && value.IndexOfAny(['\r', '\n']) < 0)
            ? value
            : throw new ArgumentException("The key is blank or has a line break.", nameof(value));
    }

    /// <summary>Where the service answers.</summary>
    /// <value>An absolute HTTP address. The default value is <see langword="null"/>: <see cref="Services.EmbeddingService.Endpoint"/>. Part of the model's identity.</value>
    /// <exception cref="ArgumentException">The value is no absolute HTTP address.</exception>
    public Uri? Endpoint
    {
        get;
        set => field = value is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }
            ? value
            : throw new ArgumentException($"'{value}' is no absolute address of HTTP.", nameof(value));
    }

    /// <summary>How many components an embedding has: what is asked for where the service takes it. Part of the model's identity.</summary>
    /// <value>At least 1. The default value is <see langword="null"/>: the service's own number; vLLM has none and needs one.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Dimensions
    {
        get;
        set => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An embedding has at least one component.");
    }

    /// <summary>Whether vLLM is asked to cut embeddings to <see cref="Dimensions"/>, which it does for models that are trained for it; other services always are.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool CutOnServer { get; set; }

    /// <summary>What queries are told in words, for services that take an instruction: DashScope, Gemini (its task), vLLM. Part of the model's identity.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? Instruction { get; set; }

    /// <summary>The weight of the text where a service keeps image and text apart and both are given.</summary>
    /// <value>In [0, 1]. The default value is 0.8.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Alpha
    {
        get;
        set => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A weight must lie in [0, 1].");
    }
    = StrategyArguments.DefaultAlpha;

    /// <summary>How many inputs go into one request, at most; services have limits of their own, too.</summary>
    /// <value>At least 1. The default value is 32.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 32;

    /// <summary>How many requests run at once.</summary>
    /// <value>At least 1. The default value is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 4;

    /// <summary>How often a request is repeated that failed for a reason that may pass.</summary>
    /// <value>At least 0. The default value is 5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRetries
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }
    = 5;

    /// <summary>The longest wait before the first repetition; each further one may take twice as long. What the server asks for goes first.</summary>
    /// <value>Positive. The default value is 1 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan FirstDelay
    {
        get;
        set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The delay must be positive.");
    }
    = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait at all; a server that asks for more is not asked again.</summary>
    /// <value>Positive. The default value is 60 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan MaxDelay
    {
        get;
        set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The delay must be positive.");
    }
    = TimeSpan.FromSeconds(60);

    /// <summary>How long one request may take.</summary>
    /// <value>Positive. The default value is 100 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The time must be positive.");
    }
    = TimeSpan.FromSeconds(100);

    /// <summary>Keeps what was paid for, by model and content, so that nothing is asked twice. The caller disposes it.</summary>
    /// <value>The default value is <see langword="null"/>: nothing is kept.</value>
    public AnswerStore? Store { get; set; }

    /// <summary>What the caller pays; no reply says it.</summary>
    /// <value>The default value is <see langword="null"/>: no money is reckoned.</value>
    public EmbeddingPrice? Price { get; set; }

    /// <summary>What waits and tells the time.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider Clock
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = TimeProvider.System;

    internal HttpEmbeddingOptions Copy() => (HttpEmbeddingOptions)MemberwiseClone();
}
