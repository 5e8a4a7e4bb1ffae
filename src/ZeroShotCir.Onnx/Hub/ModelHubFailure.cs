namespace ZeroShotCir.Onnx.Hub;

/// <summary>Why a model could not be had.</summary>
public enum ModelHubFailure
{
    /// <summary>The hub was not reachable or failed until the retries ran out.</summary>
    Unavailable,

    /// <summary>The hub asked to come back later (429); <see cref="ModelHubException.RetryAfter"/> says when, where the hub did.</summary>
    RateLimited,

    /// <summary>The hub wants a token, or another one (401); it answers so for repositories that do not exist, too.</summary>
    Unauthorized,

    /// <summary>The repository is gated: its terms must be accepted on the hub first (403).</summary>
    Gated,

    /// <summary>The repository, revision or file does not exist (404).</summary>
    NotFound,

    /// <summary>The repository has not the files that were asked for.</summary>
    MissingFiles,

    /// <summary>Downloads are turned off and the cache does not have what was asked for.</summary>
    Offline,

    /// <summary>The bytes are not those the hub announced.</summary>
    Corrupt,

    /// <summary>The hub answered something that cannot be used, such as a file name that leads out of the cache.</summary>
    InvalidAnswer,

    /// <summary>The cache cannot be written: no space, no permission.</summary>
    Storage,
}
