using System.Text.RegularExpressions;

namespace ZeroShotCir.Tool.Places;

/// <summary>The files of a gallery folder that travel: what the gallery itself writes, and what the tool keeps beside it.</summary>
internal static partial class GalleryArchive
{
    /// <summary>Whether a name is that of such a file; no path leads anywhere else.</summary>
    public static bool Holds(string name) => Part().IsMatch(name);

    [GeneratedRegex(@"\A(manifest\.json|model\.json|captions\.jsonl|unusable\.json|segment-[0-9A-Za-z.-]+)\z")]
    private static partial Regex Part();
}
