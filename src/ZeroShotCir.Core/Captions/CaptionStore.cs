using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Files;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Captions;

/// <summary>
/// Captions that were paid for, in an append-only file of JSON Lines: by the content of the image and by who was asked how, so that moved
/// files find their captions again and another captioner or prompt does not.
/// </summary>
/// <remarks>
/// <para>
/// Every record is on the disk before the call that adds it returns. A kill can only tear the last line, which the next opening repairs.
/// Failures are recorded too, but do not count as captions: they are tried again.
/// </para>
/// <para>Thread-safe. One process at a time holds the file open for writing; others may read it with <see cref="CaptionFile"/>.</para>
/// </remarks>
public sealed partial class CaptionStore : IDisposable
{
    // Taken before the gate where both are needed. Whoever writes takes along what others have added meanwhile, so that many callers share one flush.
    private readonly Lock _writing = new();
    private readonly Lock _gate = new();
    private readonly CaptionStoreLock _lock;
    private FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Dictionary<(string Image, string Captioner), IReadOnlyList<string>> _captions = [];
    private readonly Dictionary<(string Id, string Captioner), CaptionRecord> _byId = [];
    private readonly List<(string Id, string Captioner)> _order = [];
    private readonly Queue<CaptionRecord> _unwritten = new();
    private int _lines;
    private bool _isDisposed;

    private CaptionStore(string path, CaptionStoreLock storeLock, FileStream file)
    {
        Path = path;
        _lock = storeLock;
        _file = file;
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>The number of images, per captioner, that have captions.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _captions.Count;
            }
        }
    }

    /// <summary>The images whose last attempt failed.</summary>
    public IReadOnlyList<CaptionRecord> Failures => Select(record => record.Error is not null);

    /// <summary>Opens a file for writing; makes it where there is none.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The store.</returns>
    /// <exception cref="InvalidCaptionFileException">Somebody else is writing to it, or a line other than the last is malformed.</exception>
    /// <exception cref="IOException">The file cannot be written: the disk is full, fails, or may not be written to.</exception>
    public static CaptionStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CaptionStoreLock storeLock = CaptionStoreLock.Take(path);
        try
        {
            CaptionStore store = new(path, storeLock, OpenFile(path));
            try
            {
                store.Load();
                return store;
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
        catch
        {
            storeLock.Dispose();
            throw;
        }
    }

    /// <summary>The key of an image: the SHA-256 of its encoded bytes, in lower-case hexadecimal.</summary>
    /// <param name="image">The image.</param>
    /// <returns>64 characters.</returns>
    public static string HashOf(ImageData image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Convert.ToHexStringLower(SHA256.HashData(image.Data.Span));
    }

    /// <summary>Looks captions up.</summary>
    /// <param name="imageSha256">The key of the image.</param>
    /// <param name="captioner">Who was asked, and how.</param>
    /// <param name="captions">The captions.</param>
    /// <returns>Whether there are any; a recorded failure does not count.</returns>
    public bool TryGet(string imageSha256, string captioner, [NotNullWhen(true)] out IReadOnlyList<string>? captions)
    {
        ArgumentNullException.ThrowIfNull(imageSha256);
        ArgumentNullException.ThrowIfNull(captioner);
        lock (_gate)
        {
            return _captions.TryGetValue((imageSha256, captioner), out captions);
        }
    }

    /// <summary>Whether the last attempt of a captioner at an id failed.</summary>
    internal bool HasFailed(string id, string captioner)
    {
        lock (_gate)
        {
            return _byId.TryGetValue((id, captioner), out CaptionRecord? record) && record.Error is not null;
        }
    }

    /// <summary>Adds a record and waits until it is on the disk. A record that is already there is not written again.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="ArgumentException">It has neither captions nor an error, or both.</exception>
    /// <exception cref="IOException">
    /// The disk is full or fails. Some space was kept in reserve, so the record and a few more find room even then; where not, they stay in
    /// memory and are written with the next one. Ask no more.
    /// </exception>
    public void Add(CaptionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if ((record.Captions.Count == 0) == (record.Error is null))
        {
            throw new ArgumentException($"The record of '{record.Id}' must have either captions or an error.", nameof(record));
        }

        lock (_gate)
        {
            if (Remember(record))
            {
                _unwritten.Enqueue(record);
            }
        }

        Flush();
    }

    /// <summary>Takes over captions that were written elsewhere, so that nobody pays for them again.</summary>
    /// <param name="path">A file that <see cref="CaptionFile"/> reads.</param>
    /// <param name="captioner">Who is to be said to have been asked.</param>
    /// <param name="imageSha256">Gives the key of an id's image, or <see langword="null"/> where there is no such image.</param>
    /// <returns>How many ids had captions and an image.</returns>
    /// <exception cref="InvalidCaptionFileException">The file cannot be used.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public int Import(string path, string captioner, Func<string, string?> imageSha256)
    {
        ArgumentNullException.ThrowIfNull(captioner);
        ArgumentNullException.ThrowIfNull(imageSha256);
        int imported = 0;
        foreach ((string id, IReadOnlyList<string> captions) in CaptionFile.Read(path))
        {
            if (captions.Count > 0 && imageSha256(id) is { } hash)
            {
                CaptionRecord record = new(id, hash, captioner, captions);
                lock (_gate)
                {
                    if (Remember(record))
                    {
                        _unwritten.Enqueue(record);
                    }
                }

                imported++;
            }
        }

        Flush();
        return imported;
    }

    /// <summary>Writes the captions of one captioner in the format of the published files, in the order the images came.</summary>
    /// <param name="path">The path; an existing file is replaced.</param>
    /// <param name="captioner">Whose captions; <see langword="null"/> for everybody's, the later ones of an id counting.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Export(string path, string? captioner = null) => CaptionFile.WriteWeiMoCir(path, CaptionsOf(captioner));

    /// <summary>The captions of one captioner, by the id of the image, in the order the images came.</summary>
    /// <param name="captioner">Whose captions; <see langword="null"/> for everybody's, the later ones of an id counting.</param>
    /// <returns>Those ids whose last attempt did not fail.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> CaptionsOf(string? captioner = null)
    {
        Dictionary<string, IReadOnlyList<string>> captions = new(StringComparer.Ordinal);
        foreach (CaptionRecord record in Select(record => record.Error is null && (captioner is null || record.Captioner == captioner)))
        {
            captions[record.Id] = record.Captions;
        }

        return captions;
    }

    /// <summary>Tries once more to write what is only in memory since the disk was full.</summary>
    /// <exception cref="IOException">It still cannot be written.</exception>
    public void Flush()
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            WriteOut();
        }
    }

    /// <summary>Closes the file, after what is being written, and lets others write. What was read stays readable; nothing can be added any more.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            _isDisposed = true;
            _file.Dispose();
            _lock.Dispose();
        }
    }

    private static FileStream OpenFile(string path)
        => FileFailure.Promised(path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));

    private IReadOnlyList<CaptionRecord> Select(Func<CaptionRecord, bool> predicate)
    {
        lock (_gate)
        {
            return [.. _order.Select(key => _byId[key]).Where(predicate)];
        }
    }

    private void Load()
    {
        if (_file.Length > Array.MaxLength)
        {
            throw new InvalidCaptionFileException($"The caption file '{Path}' has {_file.Length} bytes, more than the {Array.MaxLength} that are read. Split it.");
        }

        byte[] content = new byte[_file.Length];
        _file.ReadExactly(content);
        int start = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        for (int number = 1; start < content.Length; number++)
        {
            int length = content.AsSpan(start).IndexOf((byte)'\n');
            bool torn = length < 0;
            ReadOnlySpan<byte> line = content.AsSpan(start, torn ? content.Length - start : length);
            try
            {
                if (line.IndexOfAnyExcept(" \t\r"u8) >= 0)
                {
                    Remember(CaptionLine.Parse(line));
                    _lines++;
                }
            }
            catch (JsonException e) when (!torn)
            {
                throw new InvalidCaptionFileException(
                    $"Line {number} of the caption file '{Path}' is malformed: {e.Message} Repair or delete that line; the others are worth keeping.", e);
            }
            catch (JsonException)
            {
                _file.SetLength(start);
                break;
            }

            if (torn)
            {
                _file.Write("\n"u8); // Whole but for its end.
                break;
            }

            start += length + 1;
        }

        _file.Seek(0, SeekOrigin.End);
    }

    // Whether the record says something new.
    private bool Remember(CaptionRecord record)
    {
        (string, string) key = (record.Id, record.Captioner);
        if (_byId.TryGetValue(key, out CaptionRecord? known))
        {
            if (known.ImageSha256 == record.ImageSha256 && known.Error == record.Error && known.Captions.SequenceEqual(record.Captions))
            {
                return false;
            }
        }
        else
        {
            _order.Add(key);
        }

        _byId[key] = record;
        // A line of somebody else's may hold neither captions nor an error: nothing to reuse.
        if (record.Error is null && record.Captions.Count > 0)
        {
            _captions[(record.ImageSha256, record.Captioner)] = record.Captions;
        }

        return true;
    }

    private void WriteOut()
    {
        CaptionRecord[] records;
        lock (_gate)
        {
            records = [.. _unwritten];
        }

        if (records.Length == 0)
        {
            return;
        }

        _buffer.ResetWrittenCount();
        foreach (CaptionRecord record in records)
        {
            CaptionLine.Write(record, _buffer);
        }

        if (TryAppend(records.Length) is { } failure)
        {
            // The reserve takes what is under way, but whoever goes on asking must learn that there will be no more room.
            bool isStored = _lock.ReleaseReserve() && TryAppend(records.Length) is null;
            string kept = isStored ? "Every answer so far is stored." : $"{records.Length} answers are in memory only.";
            throw new IOException($"The caption file '{Path}' cannot grow: {failure.Message} {kept} Free some space and run again.", failure);
        }
    }

    private IOException? TryAppend(int records)
    {
        long end = _file.Position;
        try
        {
            _file.Write(_buffer.WrittenSpan);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            _file.SetLength(end); // No torn line in the middle of the file.
            _file.Position = end;
            return e;
        }

        lock (_gate)
        {
            _lines += records;
            for (int i = 0; i < records; i++)
            {
                _unwritten.Dequeue();
            }
        }

        return null;
    }
}
