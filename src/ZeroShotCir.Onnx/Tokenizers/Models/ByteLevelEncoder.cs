using System.Text;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>Byte-level byte-pair encoding of one word at a time, remembering the words it has seen.</summary>
internal sealed class ByteLevelEncoder : IWordEncoder
{
    private readonly BytePairMerges _merges;
    private readonly int[] _symbols = new int[256];
    private readonly int[] _lastSymbols = new int[256];
    private readonly WordCache _words = new();

    /// <summary>Creates an encoder.</summary>
    /// <param name="vocabulary">Holds a token for each byte that is to be encoded.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="endOfWord">What the last symbol of a word carries; empty where words are not marked.</param>
    /// <param name="unknown">The id of a byte without token; <see langword="null"/> leaves such bytes out.</param>
    public ByteLevelEncoder(Vocabulary vocabulary, BytePairMerges merges, string endOfWord, int? unknown)
    {
        _merges = merges;
        for (int value = 0; value < 256; value++)
        {
            string token = ByteAlphabet.ToCharacter((byte)value).ToString();
            _symbols[value] = vocabulary.TryGetId(token, out int id) ? id : unknown ?? -1;
            _lastSymbols[value] = vocabulary.TryGetId(token + endOfWord, out id) ? id : unknown ?? -1;
        }
    }

    /// <summary>Writes the ids of a word.</summary>
    public void Encode(scoped ReadOnlySpan<char> word, ref TokenWriter writer)
    {
        if (_words.TryGet(word, out ReadOnlySpan<int> ids))
        {
            writer.Add(ids);
        }
        else
        {
            EncodeNewWord(word, ref writer);
        }
    }

    private void EncodeNewWord(scoped ReadOnlySpan<char> word, ref TokenWriter writer)
    {
        using RentedArray<byte> rentedBytes = new(Encoding.UTF8.GetMaxByteCount(word.Length));
        Span<byte> bytes = rentedBytes.Span;
        int byteCount = Encoding.UTF8.GetBytes(word, bytes);
        using RentedArray<int> rentedSymbols = new(byteCount);
        Span<int> symbols = rentedSymbols.Span;
        int count = 0;
        for (int i = 0; i < byteCount; i++)
        {
            int symbol = i == byteCount - 1 ? _lastSymbols[bytes[i]] : _symbols[bytes[i]];
            if (symbol >= 0)
            {
                symbols[count++] = symbol;
            }
        }

        Span<int> ids = symbols[..count];
        ids = ids[.._merges.Apply(ids)];
        writer.Add(ids);
        _words.Add(word, ids);
    }
}
