using System.Text.Json;

namespace ZeroShotCir.Tool.Tests;

/// <summary>How a run of the tool ended.</summary>
internal sealed record ToolOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>The document that <c>--json</c> wrote; undefined where there is none.</summary>
    public JsonElement Json { get; init; }
}
