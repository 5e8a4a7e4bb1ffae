using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using ZeroShotCir.Files;

namespace ZeroShotCir.Answers;

/// <summary>
/// Answers that were paid for (captions, descriptions of targets, verdicts), in an append-only file of JSON Lines: by the content of what was
/// asked about and by who was asked how, so that moved files find their captions again and another captioner or prompt does not.
/// </summary>
/// <remarks>
/// <para>
/// Every record is on the disk before the call that adds it returns. A kill can only tear the last line, which the next opening repairs.
/// Failures are recorded too, but do not count as answers: they are tried again. A file that was made and got no record is taken away again.
/// </para>
/// <para>
/// In memory are the answers; of a long one, such as an embedding, where it is in the file, from which it is read when it is asked for.
/// </para>
/// <para>
/// Thread-safe. One process at a time holds the file open for writing; others may read it, captions by <c>CaptionFile</c>.
/// </para>
/// </remarks>
public sealed partial class AnswerStore : IDisposable
{
    // Taken before the gate where both are needed. Whoever writes takes along what others have added meanwhile, so that many callers share one flush.
    private readonly Lock _writing = new();
    private readonly Lock _gate = new();
    private readonly AnswerStoreLock _lock;
    private readonly bool _isNew;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Func<long, int, IReadOnlyList<string>> _readTexts;
    private FileStream _file;
    private SafeFileHandle _handle;
    private AnswerIndex _index = new();
    private readonly Queue<AnswerRecord> _unwritten = new();
    private int _lines;
    private bool _isDisposed;

    private AnswerStore(string path, AnswerStoreLock storeLock)
    {
        Path = path;
        _lock = storeLock;
        _readTexts = ReadTexts;
        _isNew = !File.Exists(path) && new FileInfo(path).LinkTarget is null;
        _file = OpenFile(path);
        _handle = _file.SafeFileHandle;
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>The number of contents, per answerer, that have an answer.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _index.Answers;
            }
        }
    }

    /// <summary>What failed at the last attempt.</summary>
    public IReadOnlyList<AnswerRecord> Failures => Select(record => record.Error is not null);

    /// <summary>Opens a file for writing; makes it where there is none.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The store.</returns>
    /// <exception cref="InvalidAnswerStoreException">Somebody else is writing to it, or a line other than the last is malformed.</exception>
    /// <exception cref="IOException">The file cannot be written: the disk is full, fails, or may not be written to.</exception>
    public static AnswerStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AnswerStoreLock storeLock = AnswerStoreLock.Take(path);
        try
        {
            AnswerStore store = new(path, storeLock);
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

    /// <summary>Looks an answer up.</summary>
    /// <param name="content">The hash of what was asked about.</param>
    /// <param name="answerer">Who was asked, and how.</param>
    /// <param name="texts">The answer.</param>
    /// <returns>Whether there is one; a recorded failure does not count.</returns>
    public bool TryGet(string content, string answerer, [NotNullWhen(true)] out IReadOnlyList<string>? texts)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(answerer);
        lock (_gate)
        {
            bool isKnown = _index.TryGet(content, answerer, out texts);
            texts = texts is FiledTexts ? [.. texts] : texts;
            return isKnown;
        }
    }

    /// <summary>Whether the last attempt of an answerer at an id failed.</summary>
    internal bool HasFailed(string id, string answerer)
    {
        lock (_gate)
        {
            return _index.HasFailed(id, answerer);
        }
    }

    /// <summary>Adds a record and waits until it is on the disk. A record that is already there is not written again.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="ArgumentException">It has neither an answer nor an error, or both.</exception>
    /// <exception cref="IOException">
    /// The disk is full or fails. Some space was kept in reserve, so the record and a few more find room even then; where not, they stay in
    /// memory and are written with the next one. Ask no more.
    /// </exception>
    public void Add(AnswerRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        AddAll([record]);
    }

    /// <summary>Adds records and waits once, until all are on the disk. Those that are already there are not written again.</summary>
    /// <param name="records">The records.</param>
    /// <exception cref="ArgumentException">One has neither an answer nor an error, or both; none is added.</exception>
    /// <exception cref="IOException">The disk is full or fails, as <see cref="Add"/> says.</exception>
    public void AddAll(IReadOnlyCollection<AnswerRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (AnswerRecord record in records)
        {
            ArgumentNullException.ThrowIfNull(record);
            if ((record.Texts.Count == 0) == (record.Error is null))
            {
                throw new ArgumentException($"The record of '{record.Id}' must have either an answer or an error.", nameof(records));
            }
        }

        lock (_gate)
        {
            foreach (AnswerRecord record in records)
            {
                if (_index.Remember(record))
                {
                    _unwritten.Enqueue(record);
                }
            }
        }

        Flush();
    }

    /// <summary>The answers of one answerer, by id, in the order they came.</summary>
    /// <param name="answerer">Whose answers; <see langword="null"/> for everybody's, the later ones of an id counting.</param>
    /// <returns>Those ids whose last attempt did not fail.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> TextsOf(string? answerer = null)
    {
        Dictionary<string, IReadOnlyList<string>> texts = new(StringComparer.Ordinal);
        foreach (AnswerRecord record in Select(record => record.Error is null && (answerer is null || record.Answerer == answerer)))
        {
            texts[record.Id] = record.Texts;
        }

        return texts;
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

    /// <summary>Closes the file, after what is being written, and lets others write. What was got stays readable; nothing can be added any more.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            bool isUnused = _isNew && _file.Length == 0;
            _file.Dispose();
            if (isUnused && FileFailure.TryDelete(Path))
            {
                _lock.Remove();
            }

            _lock.Dispose();
        }
    }

    private static FileStream OpenFile(string path)
        => FileFailure.Promised(path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));

    private IReadOnlyList<AnswerRecord> Select(Func<AnswerRecord, bool> predicate)
    {
        lock (_gate)
        {
            // What is handed out is read, and outlives the file.
            return [.. _index.InOrder.Where(predicate).Select(record => record.Texts is FiledTexts
                ? new AnswerRecord(record.Id, record.Content, record.Answerer, [.. record.Texts], record.Error)
                : record)];
        }
    }

    private void WriteOut()
    {
        AnswerRecord[] records;
        lock (_gate)
        {
            records = [.. _unwritten];
        }

        if (records.Length == 0)
        {
            return;
        }

        _buffer.ResetWrittenCount();
        int[] ends = new int[records.Length];
        for (int i = 0; i < records.Length; i++)
        {
            AnswerLine.Write(records[i], _buffer);
            ends[i] = _buffer.WrittenCount;
        }

        if (TryAppend(records, ends) is { } failure)
        {
            // The reserve takes what is under way, but whoever goes on asking must learn that there will be no more room.
            bool isStored = _lock.ReleaseReserve() && TryAppend(records, ends) is null;
            string kept = isStored ? "Every answer so far is stored." : $"{records.Length} answers are in memory only.";
            throw new IOException($"The file of answers '{Path}' cannot grow: {failure.Message} {kept} Free some space and run again.", failure);
        }
    }

    private IOException? TryAppend(AnswerRecord[] records, int[] ends)
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
            _lines += records.Length;
            for (int i = 0; i < records.Length; i++)
            {
                int start = i == 0 ? 0 : ends[i - 1];
                _index.Exchange(_unwritten.Dequeue(), Filed(records[i].Texts, end + start, ends[i] - start - 1));
            }
        }

        return null;
    }
}
