using System.Buffers;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

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
        // A code point takes one or two characters and at most four bytes: at most three bytes a character.
        int[] rented = ArrayPool<int>.Shared.Rent(3 * word.Length);
        int count = 0;
        bool unknownBefore = false;
        Span<char> point = stackalloc char[2];
        foreach (Rune rune in word.EnumerateRunes())
        {
            bool known = vocabulary.TryGetId(point[..rune.EncodeToUtf16(point)], out int id);
            if (known)
            {
                rented[count++] = id;
            }
            else if (bytes is not null)
            {
                count += bytes.Encode(rune, rented.AsSpan(count));
            }
            else if (unknown is { } unknownId && !(fuseUnknown && unknownBefore))
            {
                rented[count++] = unknownId;
            }

            unknownBefore = !known;
        }

        Span<int> symbols = rented.AsSpan(0, count);
        writer.Add(symbols[..merges.Apply(symbols)]);
        ArrayPool<int>.Shared.Return(rented);
    }
}
