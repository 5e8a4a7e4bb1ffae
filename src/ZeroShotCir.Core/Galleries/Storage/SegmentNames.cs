using System.Globalization;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>How the files of a gallery folder are called; what is called otherwise is never touched.</summary>
internal static partial class SegmentNames
{
    public static string Segment(long number) => string.Create(CultureInfo.InvariantCulture, $"segment-{number:D6}");

    public static string File(string segment, string role) => $"{segment}.{role}.{(role == SegmentFile.Items ? "jsonl" : "safetensors")}";

    /// <summary>The name of a file that later commits replace while its segment stays.</summary>
    public static string File(string segment, string role, long generation)
        => string.Create(CultureInfo.InvariantCulture, $"{segment}.{role}-{generation:D6}.safetensors");

    public static bool IsSegmentFile(string name) => Pattern().IsMatch(name);

    public static long NumberOf(string segmentOrFile)
        => long.Parse(segmentOrFile.AsSpan("segment-".Length, segmentOrFile.AsSpan("segment-".Length).IndexOfAnyExceptInRange('0', '9') is >= 0 and var end
            ? end
            : segmentOrFile.Length - "segment-".Length), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^segment-[0-9]{6,18}\.[a-z]+(-[0-9]{6,18})?\.(safetensors|jsonl)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
