using System.Globalization;
using System.Text;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>
/// Remembers the content hash of files by path, length and time of change, so that an unchanged file need not be read to be recognized.
/// </summary>
/// <remarks>
/// One line per file, appended; a line that was cut off by a kill is skipped and its file hashed again. Not for concurrent use within a
/// process; several processes may append to one file.
/// </remarks>
internal sealed class ContentStamps
{
    private readonly string? _path;
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly StringBuilder _pending = new();

    public ContentStamps(string? path)
    {
        _path = path;
        if (path is null || !File.Exists(path))
        {
            return;
        }

        foreach (string line in File.ReadLines(path))
        {
            if (line.Split('\t') is [{ Length: EmbeddingCache.KeyLength } hash, var length, var ticks, var file])
            {
                _hashes[$"{length}\t{ticks}\t{file}"] = hash;
            }
        }
    }

    /// <summary>The hash of a file, or of a picture in it, that was seen before and has not changed since; otherwise <see langword="null"/>.</summary>
    public string? Find(FileInfo file, FilePart? part) => _hashes.GetValueOrDefault(StampOf(file, part));

    /// <summary>The hash of its bytes, remembered.</summary>
    public string Add(FileInfo file, FilePart? part, ReadOnlySpan<byte> content)
    {
        string hash = EmbeddingCache.KeyOf(content);
        string stamp = StampOf(file, part);
        _hashes[stamp] = hash;
        _pending.Append(hash).Append('\t').Append(stamp).Append('\n');
        return hash;
    }

    /// <summary>Writes what was added since the last call.</summary>
    public void Save()
    {
        if (_path is not null && _pending.Length > 0)
        {
            File.AppendAllText(_path, _pending.ToString());
        }

        _pending.Clear();
    }

    private static string StampOf(FileInfo file, FilePart? part)
    {
        string whole = string.Create(CultureInfo.InvariantCulture, $"{file.Length}\t{file.LastWriteTimeUtc.Ticks}\t{file.FullName}");
        return part is null ? whole : string.Create(CultureInfo.InvariantCulture, $"{whole}#{part.Offset}+{part.Length}");
    }
}
