namespace ZeroShotCir.Onnx.Hub;

/// <summary>Where models come from and where they are kept.</summary>
/// <remarks>Copied by what takes it: later changes do not reach that.</remarks>
public sealed class ModelHubOptions
{
    private int _maxRetries = 5;
    private TimeSpan _firstDelay = TimeSpan.FromSeconds(1);
    private TimeSpan _maxDelay = TimeSpan.FromMinutes(2);
    private TimeSpan _stallTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Makes options that have the default values.</summary>
    public ModelHubOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public ModelHubOptions(ModelHubOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Endpoint = other.Endpoint;
        Token = other.Token;
        CacheFolder = other.CacheFolder;
        Offline = other.Offline;
        MaxRetries = other.MaxRetries;
        FirstDelay = other.FirstDelay;
        MaxDelay = other.MaxDelay;
        StallTimeout = other.StallTimeout;
        Clock = other.Clock;
    }

    /// <summary>The hub.</summary>
    /// <value>The default value is <c>https://huggingface.co</c>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Uri Endpoint
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = new("https://huggingface.co");

    /// <summary>Proves who asks; sent to <see cref="Endpoint"/> only, never to a host it redirects to.</summary>
    /// <value>The default value is <see langword="null"/>: ask anonymously.</value>
    public string? Token { get; set; }

    /// <summary>The folder of the cache, laid out as the Python library <c>huggingface_hub</c> does, so that both share files.</summary>
    /// <value>The default value is <c>~/.cache/huggingface/hub</c>.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string CacheFolder
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }
    = DefaultCacheFolder(_ => null);

    /// <summary>Whether only the cache is used.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Offline { get; set; }

    /// <summary>How often in a row a request may fail without bringing anything before it is given up.</summary>
    /// <value>At least 0. The default value is 5.</value>
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

    /// <summary>The longest pause before the first retry where the hub names none; it doubles with every further one. Up to half of a pause is left to chance.</summary>
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

    /// <summary>The longest pause; a hub that asks for a longer one is not waited for.</summary>
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

    /// <summary>How long a connection may bring nothing before it counts as failed.</summary>
    /// <value>More than zero. The default value is 60 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan StallTimeout
    {
        get => _stallTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _stallTimeout = value;
        }
    }

    /// <summary>Measures timeouts and pauses.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider Clock
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = TimeProvider.System;

    /// <summary>
    /// Reads the variables that the Python library reads: <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c> (else the file <c>HF_TOKEN_PATH</c>
    /// or <c>HF_HOME/token</c>), <c>HF_HUB_OFFLINE</c>, <c>HF_HUB_CACHE</c>, <c>HF_HOME</c>, <c>XDG_CACHE_HOME</c>.
    /// </summary>
    /// <param name="variable">Reads a variable; <see langword="null"/> reads the environment of the process.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ModelHubException"><c>HF_ENDPOINT</c> is not an absolute http(s) address.</exception>
    public static ModelHubOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        Func<string, string?> read = variable ?? Environment.GetEnvironmentVariable;
        ModelHubOptions options = new()
        {
            Token = NotBlank(read("HF_TOKEN")) ?? TokenFile(read),
            CacheFolder = DefaultCacheFolder(read),
            Offline = read("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
        if (NotBlank(read("HF_ENDPOINT")) is { } address)
        {
            options.Endpoint = Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
                ? endpoint
                : throw new ModelHubException($"HF_ENDPOINT is '{address}'; expected an address such as https://huggingface.co.")
                {
                    Failure = ModelHubFailure.InvalidAnswer,
                };
        }

        return options;
    }

    private static string DefaultCacheFolder(Func<string, string?> read)
        => NotBlank(read("HF_HUB_CACHE")) ?? Path.Combine(Home(read), "hub");

    private static string Home(Func<string, string?> read)
        => NotBlank(read("HF_HOME")) ?? Path.Combine(
            NotBlank(read("XDG_CACHE_HOME")) ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "huggingface");

    private static string? TokenFile(Func<string, string?> read)
    {
        string path = NotBlank(read("HF_TOKEN_PATH")) ?? Path.Combine(Home(read), "token");
        try
        {
            return File.Exists(path) ? NotBlank(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelHubException($"The token file '{path}' cannot be read: {e.Message}", e) { Failure = ModelHubFailure.Storage };
        }
    }

    private static string? NotBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
