using System.Text.Json;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Answers;

// How the file comes into memory: all of its short answers, and of the long ones where they are.
public sealed partial class AnswerStore
{
    /// <summary>The bytes of a line above which its texts are left in the file: captions are shorter, embeddings longer.</summary>
    internal const int LongLine = 2048;

    private void Load()
    {
        LineReader lines = new(_file, Path);
        Dictionary<string, string> answerers = new(StringComparer.Ordinal);
        for (int number = 1; lines.Read(); number++)
        {
            try
            {
                if (lines.Line.IndexOfAnyExcept(" \t\r"u8) >= 0)
                {
                    AnswerRecord record = AnswerLine.Parse(lines.Line);

                    // Millions of records have few answerers, and content for an id.
                    string answerer = answerers.TryAdd(record.Answerer, record.Answerer) ? record.Answerer : answerers[record.Answerer];
                    string id = record.Id == record.Content ? record.Content : record.Id;
                    _index.Remember(new AnswerRecord(id, record.Content, answerer, Filed(record.Texts, lines.Offset, lines.Line.Length), record.Error));
                    _lines++;
                }
            }
            catch (JsonException e) when (!lines.IsTorn)
            {
                throw new InvalidAnswerStoreException(
                    $"Line {number} of the file of answers '{Path}' is malformed: {e.Message} Repair or delete that line; the others are worth keeping.", e);
            }
            catch (JsonException)
            {
                _file.SetLength(lines.Offset);
                break;
            }

            if (lines.IsTorn)
            {
                _file.Seek(0, SeekOrigin.End);
                _file.Write("\n"u8); // Whole but for its end.
                break;
            }
        }

        _file.Seek(0, SeekOrigin.End);
    }

    private IReadOnlyList<string> Filed(IReadOnlyList<string> texts, long offset, int length)
        => length <= LongLine || texts.Count == 0 ? texts : new FiledTexts(_readTexts, offset, length, texts.Count);

    // Whoever calls has the gate.
    private IReadOnlyList<string> ReadTexts(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using RentedArray<byte> line = new(length);
        try
        {
            int read = 0;
            for (int more; read < length && (more = RandomAccess.Read(_handle, line.Span[read..], offset + read)) > 0;)
            {
                read += more;
            }

            return AnswerLine.Parse(line.Span[..read]).Texts;
        }
        catch (JsonException e)
        {
            throw new InvalidAnswerStoreException(
                $"The file of answers '{Path}' was changed by somebody else while it was open: at {offset} there is no longer the answer that was. Open it again.", e);
        }
    }
}
