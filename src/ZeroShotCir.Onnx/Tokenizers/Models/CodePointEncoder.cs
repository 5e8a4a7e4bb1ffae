using System.Buffers;
using System.Text;

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
        int[] rented = ArrayPool<int>.Shared.Rent((3 * word.Length) + 4);
        int count = 0;
        bool unknownWaits = false;
        Span<char> point = stackalloc char[2];
        foreach (Rune rune in word.EnumerateRunes())
        {
            if (vocabulary.TryGetId(point[..rune.EncodeToUtf16(point)], out int id))
            {
                AddUnknown(unknownWaits, rented, ref count);
                unknownWaits = false;
                rented[count++] = id;
            }
            else if (bytes is not null && bytes.TryEncode(rune, rented.AsSpan(count), out int written))
            {
                // The reference writes bytes before an unknown that waits.
                count += written;
            }
            else
            {
                AddUnknown(unknownWaits && !fuseUnknown, rented, ref count);
                unknownWaits = true;
            }
        }

        AddUnknown(unknownWaits, rented, ref count);
        Span<int> symbols = rented.AsSpan(0, count);
        writer.Add(symbols[..merges.Apply(symbols)]);
        ArrayPool<int>.Shared.Return(rented);
    }

    private void AddUnknown(bool waits, int[] ids, ref int count)
    {
        if (waits && unknown is { } id)
        {
            ids[count++] = id;
        }
    }
}
