using System.Text.Json;

namespace ZeroShotCir.Evaluator.Input;

/// <summary>Reads captions of images by name.</summary>
internal static class CaptionFile
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(FileInfo file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
        return document.RootElement.EnumerateArray().ToDictionary(
            item => item.GetProperty("candidate").GetString()!,
            IReadOnlyList<string> (item) => [.. item.GetProperty("captions").EnumerateArray().Select(caption => caption.GetString()!)]);
    }
}
