using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>
/// Remembers the ids of words, found by span. Of bounded size: two neighboring places hold the last two words that fell
/// there, so neither many words nor words chosen to collide can make it grow or slow down.
/// </summary>
/// <remarks>
/// Serves concurrent callers without locks: entries are immutable, and a reference is written and read as a whole.
/// A lost write only means that a word is encoded once more.
/// </remarks>
internal sealed class WordCache
{
    private const int Places = 1 << 15;
    private const int LongestWord = 40;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly Entry?[] _entries = new Entry?[Places];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        uint place = Place(word);
        Entry? entry = _entries[place];
        if (entry is null || !word.SequenceEqual(entry.Word))
        {
            entry = _entries[place + 1];
            if (entry is null || !word.SequenceEqual(entry.Word))
            {
                ids = default;
                return false;
            }
        }

        ids = entry.Ids;
        return true;
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > LongestWord)
        {
            return;
        }

        uint place = Place(word);
        _entries[place + 1] = _entries[place];
        _entries[place] = new Entry(word.ToArray(), ids.ToArray());
    }

    /// <summary>The first of the two places of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Place(ReadOnlySpan<char> word)
    {
        ref byte start = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(word));
        ulong hash = (uint)word.Length * Multiplier;
        int length = Math.Min(word.Length, LongestWord);
        if (length >= 4)
        {
            // Four characters at a time; the last four overlap where the length is no multiple of four.
            for (int i = 0; i < length - 4; i += 4)
            {
                hash = (hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, 2 * i))) * Multiplier;
                hash ^= hash >> 29;
            }

            hash = (hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, 2 * (length - 4)))) * Multiplier;
        }
        else
        {
            foreach (char c in word)
            {
                hash = (hash ^ c) * Multiplier;
            }
        }

        return (uint)((hash ^ (hash >> 32)) >> 8) & (Places - 2);
    }

    private sealed class Entry(char[] word, int[] ids)
    {
        public readonly char[] Word = word;
        public readonly int[] Ids = ids;
    }
}
