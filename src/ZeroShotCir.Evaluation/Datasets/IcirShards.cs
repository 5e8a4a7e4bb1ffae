using System.Formats.Tar;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// Reads i-CIR as the hub has it: tar files in <c>webdataset/database</c> and <c>webdataset/query</c>, which hold for each picture a JSON
/// object <c>{"img_path", "text", "instance"}</c> of the same name. Pictures stay where they are.
/// </summary>
internal static class IcirShards
{
    /// <summary>What a shard of the queries and of the database is called by.</summary>
    public const string Database = "database";
    public const string Query = "query";
    private const string Remedy = "Download the shard again.";
    private const int BlockBytes = 512;
    private const int MaxJsonBytes = 1 << 16;
    private static readonly string[] Folders = ["webdataset", "", "icir/webdataset", "data/icir/webdataset"];
    private static readonly string[] Pictures = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "ppm"];

    /// <summary>The shards of a part of the data set, in order; none where it is not kept so.</summary>
    public static IReadOnlyList<string> Find(string root, string part)
        => Folders.Select(folder => Path.Combine(root, folder, part))
            .Where(Directory.Exists)
            .Select(folder => Directory.EnumerateFiles(folder, "*.tar*", new EnumerationOptions { IgnoreInaccessible = true }).Order(StringComparer.Ordinal).ToArray())
            .FirstOrDefault(shards => shards.Length > 0, []);

    /// <summary>The samples of shards, in their order.</summary>
    /// <exception cref="InvalidDatasetException">A shard is damaged, or a sample is not a picture with its JSON.</exception>
    public static IReadOnlyList<IcirSample> Read(IReadOnlyList<string> shards) => [.. shards.SelectMany(ReadShard)];

    /// <summary>What two spellings of a path have in common: what is before the data set's own folders differs from release to release.</summary>
    public static string KeyOf(string path)
    {
        string plain = "/" + path.Replace('\\', '/');
        int start = Math.Max(plain.IndexOf($"/{Database}/", StringComparison.Ordinal), plain.IndexOf($"/{Query}/", StringComparison.Ordinal));
        return start >= 0 ? plain[start..] : plain;
    }

    private static IReadOnlyList<IcirSample> ReadShard(string path)
    {
        if (!path.EndsWith(".tar", StringComparison.Ordinal))
        {
            throw new InvalidDatasetException(
                $"The shard '{path}' is packed or not whole; expected a plain tar file. Unpack it to '.tar', so that its pictures can be read one by one.");
        }

        OrderedDictionary<string, Found> samples = new(StringComparer.Ordinal);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using TarReader reader = new(stream);
            long end = 0;
            while (reader.GetNextEntry() is { } entry)
            {
                end = EndOf(entry, stream, path);
                Add(samples, entry, path);
            }

            if (stream.Length < end + BlockBytes)
            {
                throw new InvalidDatasetException($"The shard '{path}' ends at byte {stream.Length} without the empty block that closes a tar file; it was cut off. {Remedy}");
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidDatasetException($"The shard '{path}' is not a whole tar file: {e.Message} {Remedy}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"The shard '{path}' cannot be read: {e.Message}", e);
        }

        return samples.Count > 0
            ? [.. samples.Select(sample => Complete(sample.Key, sample.Value, path))]
            : throw new InvalidDatasetException($"The shard '{path}' holds no sample; expected pictures with a JSON each. {Remedy}");
    }

    private static long EndOf(TarEntry entry, FileStream stream, string path)
    {
        if (entry.DataStream is null)
        {
            return entry.DataOffset;
        }

        long end = entry.DataOffset + entry.Length;
        return end <= stream.Length
            ? (end + BlockBytes - 1) / BlockBytes * BlockBytes
            : throw new InvalidDatasetException($"The shard '{path}' ends at byte {stream.Length}, in '{entry.Name}', which goes to byte {end}; it was cut off. {Remedy}");
    }

    private static void Add(OrderedDictionary<string, Found> samples, TarEntry entry, string path)
    {
        if (entry.EntryType is TarEntryType.Directory)
        {
            return;
        }

        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
        {
            throw new InvalidDatasetException($"The shard '{path}' has '{entry.Name}', a {entry.EntryType}; expected plain files. {Remedy}");
        }

        // The ending begins at the first point of the name: '000012.jpg' and '000012.json' are one sample.
        int name = entry.Name.LastIndexOf('/') + 1;
        int point = entry.Name.IndexOf('.', name);
        string ending = point < 0 ? string.Empty : entry.Name[(point + 1)..].ToLowerInvariant();
        bool isPicture = Pictures.Contains(ending);
        if (point <= name || !(isPicture || ending == "json"))
        {
            return;
        }

        string key = entry.Name[..point];
        Found sample = samples.GetValueOrDefault(key) ?? new Found();
        samples[key] = sample;
        if (isPicture ? sample.Picture is not null : sample.Said is not null)
        {
            throw new InvalidDatasetException(
                $"The shard '{path}' has a second {(isPicture ? "picture" : "JSON")} '{entry.Name}' of the sample '{key}'; expected one of each. {Remedy}");
        }

        if (isPicture)
        {
            sample.Picture = new FilePart(entry.DataOffset, entry.Length);
        }
        else
        {
            sample.Said = Json(entry, path);
        }
    }

    private static JsonField Json(TarEntry entry, string path)
    {
        if (entry.Length is 0 or > MaxJsonBytes)
        {
            throw new InvalidDatasetException($"The shard '{path}' has '{entry.Name}' of {entry.Length} bytes; expected a JSON object of 1 to {MaxJsonBytes}. {Remedy}");
        }

        byte[] bytes = new byte[entry.Length];
        entry.DataStream!.ReadExactly(bytes);
        JsonFormat format = new("annotation", (message, cause) => new InvalidDatasetException(message, cause)) { MaxBytes = MaxJsonBytes, Remedy = Remedy };
        return JsonFile.Parse(bytes, $"{path}: {entry.Name}", format).Object();
    }

    private static IcirSample Complete(string key, Found sample, string path)
    {
        if (sample is not { Picture: { } picture, Said: { } said })
        {
            throw new InvalidDatasetException($"The shard '{path}' has the sample '{key}' without its {(sample.Picture is null ? "picture" : "JSON")}; expected both. {Remedy}");
        }

        string instance = said["instance"].Kind == System.Text.Json.JsonValueKind.Number
            ? said["instance"].Int64().ToString(System.Globalization.CultureInfo.InvariantCulture)
            : said["instance"].Text();
        return instance.Length > 0
            ? new IcirSample(said["img_path"].FileName(), said["text"].OrNull?.Text() ?? string.Empty, instance, path, picture)
            : throw said["instance"].Unexpected("the name of an instance");
    }

    private sealed class Found
    {
        public FilePart? Picture { get; set; }

        public JsonField? Said { get; set; }
    }
}
