namespace ZeroShotCir.Tool.Runs;

/// <summary>A composed query of a file.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Text">The text; <see langword="null"/> where there are only images.</param>
/// <param name="Images">The paths of its images.</param>
internal sealed record QueryLine(string Id, string? Text, IReadOnlyList<string> Images);
