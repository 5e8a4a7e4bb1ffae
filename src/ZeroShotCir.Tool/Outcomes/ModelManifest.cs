namespace ZeroShotCir.Tool.Outcomes;

/// <summary>The model of a run: its identity covers weights, precision and preprocessing.</summary>
internal sealed record ModelManifest(string Id, string? Folder, string Family, int Dimensions, bool UnitLength)
{
    /// <summary>The service and its name for the model; <see langword="null"/> of a folder.</summary>
    public string? Service { get; init; }

    /// <summary>What the model makes of an image and a text that come together: <c>joint</c>, <c>averaged</c>, <c>separate</c> or <c>textonly</c>.</summary>
    public required string Composition { get; init; }
}
