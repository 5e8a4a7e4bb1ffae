using System.Text.Json;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Json;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>The files that could not be used, kept beside a gallery so that they are not decoded in vain by every run.</summary>
/// <remarks>Nothing depends on it: where it is lost or damaged, the files are tried again. The same goes when the decoder is another one.</remarks>
internal sealed class UnusableFiles
{
    public const string FileName = "unusable.json";
    private readonly string _reader;
    private readonly Dictionary<string, UnusableFile> _files;

    private static readonly JsonFormat Format = new("list of files that could not be used", (message, cause) => new InvalidGalleryException(message, cause));

    private UnusableFiles(string reader, Dictionary<string, UnusableFile> files)
    {
        _reader = reader;
        _files = files;
    }

    /// <summary>Reads what earlier runs found with the same reader of images.</summary>
    public static UnusableFiles Read(string folder, string reader)
    {
        Dictionary<string, UnusableFile> files = new(StringComparer.Ordinal);
        try
        {
            JsonField list = JsonFile.Read(Path.Combine(folder, FileName), Format);
            if (list["reader"].Text() == reader)
            {
                foreach (UnusableFile file in list["files"].Items().Select(Parse))
                {
                    files.TryAdd(file.Id, file);
                }
            }
        }
        catch (InvalidGalleryException)
        {
            // As if there were none.
            files.Clear();
        }

        return new UnusableFiles(reader, files);
    }

    public string? Find(string id, FileStamp file)
        => _files.TryGetValue(id, out UnusableFile? known) && known.Bytes == file.Bytes && known.Modified == file.Modified
            && known.Changed is not null && known.Changed == file.Changed
            ? known.Error
            : null;

    /// <summary>What is to be kept after a run: what it found, and what it did not look at.</summary>
    public byte[]? ToJson(IEnumerable<IncomingImage> failed, Func<string, bool> lookedAt)
    {
        UnusableFile[] now =
        [
            .. _files.Values.Where(file => !lookedAt(file.Id)),
            .. failed.Where(item => item.File is not null).Select(item => new UnusableFile(item.Source.Id, item.File!.Bytes, item.File.Modified, item.File.Changed, item.Error!)),
        ];
        return now.Length == _files.Count && now.All(file => _files.TryGetValue(file.Id, out UnusableFile? same) && same == file)
            ? null
            : JsonSerializer.SerializeToUtf8Bytes(new UnusableFileList(_reader, now), GalleryJson.Default.UnusableFileList);
    }

    private static UnusableFile Parse(JsonField file)
        => new(file["id"].Text(), file["bytes"].Int64(), file["modified"].Time(), file["changed"].OrNull?.Time(), file["error"].Text());
}
