namespace ZeroShotCir.Tool.Runs;

/// <summary>The model of a run: its identity covers weights, precision and preprocessing.</summary>
internal sealed record ModelManifest(string Id, string Folder, string Family, int Dimensions, bool UnitLength);
