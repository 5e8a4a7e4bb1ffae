namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>A folder of images.</summary>
internal sealed class FolderDescription
{
    /// <summary>Its path; empty for the topmost.</summary>
    public required string Path { get; init; }

    /// <summary>The number of images in it and below it.</summary>
    public required int Images { get; init; }
}
