namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>A picture that was uploaded and can be searched with.</summary>
internal sealed class UploadedPicture
{
    /// <summary>Its name for searches: the SHA-256 of its bytes.</summary>
    public required string Picture { get; init; }

    /// <summary>In pixels.</summary>
    public required int Width { get; init; }

    /// <summary>In pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Its format, such as JPEG.</summary>
    public required string Format { get; init; }
}
