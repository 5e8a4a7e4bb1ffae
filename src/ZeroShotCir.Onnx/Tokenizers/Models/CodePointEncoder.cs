using System.Text;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>Byte-pair encoding that starts from code points, as SentencePiece's does (Gemma): what is no token is spelled as bytes or unknown.</summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="merges">The merges.</param>
/// <param name="unknown">The id of what has no token; <see langword="null"/> leaves it out.</param>
/// <param name="fuseUnknown">Whether a run of unknowns is one token.</param>
/// <param name="bytes">Spells what has no token as bytes.</param>
internal sealed class CodePointEncoder(Vocabulary vocabulary, BytePairMerges merges, int? unknown, bool fuseUnknown, ByteFallback? bytes) : IWordEncoder
{
    public void Encode(scoped ReadOnlySpan<char> word, ref TokenWriter writer)
    {
        // A code point takes one or two characters and at most four ids, and one unknown may wait for the next known one.
        using RentedArray<int> rented = new((3 * word.Length) + 4);
        Span<int> ids = rented.Span;
        int count = 0;
        bool unknownWaits = false;
        Span<char> point = stackalloc char[2];
        foreach (Rune rune in word.EnumerateRunes())
        {
            if (vocabulary.TryGetId(point[..rune.EncodeToUtf16(point)], out int id))
            {
                AddUnknown(unknownWaits, ids, ref count);
                unknownWaits = false;
                ids[count++] = id;
            }
            else if (bytes is not null && bytes.TryEncode(rune, ids[count..], out int written))
            {
                // The reference writes bytes before an unknown that waits.
                count += written;
            }
            else
            {
                AddUnknown(unknownWaits && !fuseUnknown, ids, ref count);
                unknownWaits = true;
            }
        }

        AddUnknown(unknownWaits, ids, ref count);
        Span<int> symbols = ids[..count];
        writer.Add(symbols[..merges.Apply(symbols)]);
    }

    private void AddUnknown(bool waits, Span<int> ids, ref int count)
    {
        if (waits && unknown is { } id)
        {
            ids[count++] = id;
        }
    }
}
