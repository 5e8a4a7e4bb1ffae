namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>What is refused.</summary>
internal sealed class SearchLimits
{
    /// <summary>The largest picture, in bytes.</summary>
    public required long UploadBytes { get; init; }

    /// <summary>The largest picture, in pixels.</summary>
    public required long Pixels { get; init; }

    /// <summary>The most reference images of one search.</summary>
    public required int References { get; init; }

    /// <summary>The longest text, in characters.</summary>
    public required int TextLength { get; init; }

    /// <summary>The most images that one search finds.</summary>
    public required int Count { get; init; }
}
