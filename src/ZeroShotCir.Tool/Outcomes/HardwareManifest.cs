namespace ZeroShotCir.Tool.Outcomes;

/// <summary>The machine a run ran on.</summary>
internal sealed record HardwareManifest(string System, string Architecture, int Processors, string Runtime);
