using System.Text;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>Reads annotation files of lines, so that what is wrong in them is said with its place.</summary>
internal static class AnnotationLines
{
    private const long MaxBytes = 1 << 29;
    private const int ShownLength = 60;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The lines of a file, without empty ones at its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to give instead where it is not there.</param>
    /// <exception cref="InvalidDatasetException">It cannot be read, is too large, or is not UTF-8.</exception>
    public static IReadOnlyList<string> Read(string path, string remedy)
    {
        FileInfo info = new(path);
        if (!info.Exists)
        {
            throw new InvalidDatasetException($"The annotation file '{path}' does not exist. {remedy}");
        }

        if (info.Length > MaxBytes)
        {
            throw new InvalidDatasetException($"The annotation file '{path}' has {info.Length} bytes; at most {MaxBytes} are read. {remedy}");
        }

        try
        {
            List<string> lines = [.. File.ReadLines(path, Strict)];
            while (lines.Count > 0 && string.IsNullOrWhiteSpace(lines[^1]))
            {
                lines.RemoveAt(lines.Count - 1);
            }

            return lines.Count > 0 ? lines : throw new InvalidDatasetException($"The annotation file '{path}' is empty. {remedy}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new InvalidDatasetException($"The annotation file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A line as messages show it.</summary>
    public static string Shortened(string line) => line.Length <= ShownLength ? line : string.Concat(line.AsSpan(0, ShownLength), "…");
}
