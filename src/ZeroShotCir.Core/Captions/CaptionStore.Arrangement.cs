using ZeroShotCir.Files;

namespace ZeroShotCir.Captions;

// How the file is brought into an order that does not tell how it came about.
public sealed partial class CaptionStore
{
    /// <summary>
    /// Brings the records of one captioner into an order and behind those of all others, and drops lines that later ones made obsolete. The
    /// file is replaced in one step, and only if that changes it.
    /// </summary>
    /// <param name="ids">The ids in their order; records of other ids come before them, in the order they have.</param>
    /// <param name="captioner">Whose records.</param>
    /// <exception cref="IOException">The disk is full or fails; the file is as it was.</exception>
    public void Arrange(IReadOnlyList<string> ids, string captioner)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(captioner);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            WriteOut();
            lock (_gate)
            {
                if (ArrangeInMemory(ids, captioner))
                {
                    Rewrite();
                    _unwritten.Clear();
                }
            }
        }
    }

    // Whether it changed anything that is on the disk.
    private bool ArrangeInMemory(IReadOnlyList<string> ids, string captioner)
    {
        HashSet<(string, string)> arranged = [.. ids.Select(id => (id, captioner)).Where(_byId.ContainsKey)];
        (string, string)[] order = [.. _order.Where(key => !arranged.Contains(key)), .. ids.Select(id => (id, captioner)).Where(arranged.Remove)];
        bool isNew = _lines != order.Length || !order.AsSpan().SequenceEqual(_order.ToArray());
        _order.Clear();
        _order.AddRange(order);
        return isNew;
    }

    private void Rewrite()
    {
        _buffer.ResetWrittenCount();
        foreach ((string, string) key in _order)
        {
            CaptionLine.Write(_byId[key], _buffer);
        }

        string temporary = Path + ".tmp";
        try
        {
            using FileStream stream = FileFailure.Promised(temporary, () => new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));
            stream.Write(_buffer.WrittenSpan);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }

        // Not every system replaces a file that is open; the lock keeps other writers away meanwhile.
        _file.Dispose();
        try
        {
            FileFailure.Replace(temporary, Path);
            _lines = _order.Count;
        }
        finally
        {
            _file = OpenFile(Path);
            _file.Seek(0, SeekOrigin.End);
        }
    }
}
