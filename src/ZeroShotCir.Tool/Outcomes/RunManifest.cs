using System.Runtime.InteropServices;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What one needs to get the figures of a run again, and to know what they cover.</summary>
internal sealed record RunManifest
{
    public required string Command { get; init; }

    public required SourceManifest Source { get; init; }

    public required string Dataset { get; init; }

    public required string Split { get; init; }

    public required string Root { get; init; }

    public required IReadOnlyList<CoverageManifest> Coverage { get; init; }

    public required SettingManifest Setting { get; init; }

    public string LibraryVersion { get; } = Evaluation.Reporting.LibraryVersion.Current;

    public HardwareManifest Hardware { get; } = new(
        RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, RuntimeInformation.FrameworkDescription);

    public required TimingsManifest Timings { get; init; }
}
