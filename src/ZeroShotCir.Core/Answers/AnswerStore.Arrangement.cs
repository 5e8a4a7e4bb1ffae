using ZeroShotCir.Files;

namespace ZeroShotCir.Answers;

// How the file is brought into an order that does not tell how it came about.
public sealed partial class AnswerStore
{
    /// <summary>
    /// Brings the records of one answerer into an order and behind those of all others, and drops lines that later ones made obsolete. The
    /// file is replaced in one step, and only if that changes it.
    /// </summary>
    /// <param name="ids">The ids in their order; records of other ids come before them, in the order they have.</param>
    /// <param name="answerer">Whose records.</param>
    /// <exception cref="IOException">The disk is full or fails; the file is as it was.</exception>
    public void Arrange(IReadOnlyList<string> ids, string answerer)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(answerer);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            WriteOut();
            lock (_gate)
            {
                // Obsolete lines go even where the order stays.
                if (_index.Arrange(ids, answerer) | _lines != _index.Records)
                {
                    Rewrite();
                    _unwritten.Clear();
                }
            }
        }
    }

    private void Rewrite()
    {
        bool isAnyFiled = false;
        string temporary = Path + ".tmp";
        try
        {
            using FileStream stream = FileFailure.Promised(temporary, () => new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));
            _buffer.ResetWrittenCount();
            foreach (AnswerRecord record in _index.InOrder)
            {
                isAnyFiled |= record.Texts is FiledTexts;
                AnswerLine.Write(record, _buffer);
                if (_buffer.WrittenCount > 1 << 20)
                {
                    stream.Write(_buffer.WrittenSpan);
                    _buffer.ResetWrittenCount();
                }
            }

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
            _lines = _index.Records;
        }
        finally
        {
            _file = OpenFile(Path);
            _handle = _file.SafeFileHandle;
            _file.Seek(0, SeekOrigin.End);
        }

        if (isAnyFiled)
        {
            // What is left in the file has another place in this one.
            _index = new AnswerIndex();
            _lines = 0;
            _file.Seek(0, SeekOrigin.Begin);
            Load();
        }
    }
}
