using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>BERT's WordPiece: the longest token that begins a word, then the longest continuation, and so on; one unknown token where that fails.</summary>
internal sealed class WordPieceEncoder(Vocabulary vocabulary, string continuation, int unknown, int longestWord) : IWordEncoder
{
    /// <summary>The prefix of tokens that continue a word, in published vocabularies.</summary>
    public const string Continuation = "##";

    /// <summary>The code points of the longest word that is looked up, in published files.</summary>
    public const int LongestWord = 100;

    /// <summary>Longer words are rare, and as long as a file allows.</summary>
    private const int StackLength = 256;

    private readonly int _longestToken = vocabulary.LongestToken;

    public void Encode(scoped ReadOnlySpan<char> word, ref TokenWriter writer)
    {
        int points = 0;
        foreach (Rune _ in word.EnumerateRunes())
        {
            points++;
        }

        if (points > longestWord)
        {
            writer.Add(unknown);
            return;
        }

        int length = continuation.Length + word.Length;
        Span<char> candidate = length <= StackLength ? stackalloc char[length] : new char[length];
        Span<int> ids = word.Length <= StackLength ? stackalloc int[word.Length] : new int[word.Length];
        if (Find(word, candidate, ids, out int count))
        {
            writer.Add(ids[..count]);
        }
        else
        {
            writer.Add(unknown);
        }
    }

    private bool Find(scoped ReadOnlySpan<char> word, Span<char> candidate, Span<int> ids, out int count)
    {
        continuation.CopyTo(candidate);
        count = 0;
        for (int start = 0; start < word.Length;)
        {
            int first = start == 0 ? continuation.Length : 0;
            int length = Math.Min(word.Length - start, _longestToken);
            word.Slice(start, length).CopyTo(candidate[continuation.Length..]);
            while (length > 0 && !vocabulary.TryGetId(candidate[first..(continuation.Length + length)], out ids[count]))
            {
                length--;
            }

            if (length == 0)
            {
                return false;
            }

            start += length;
            count++;
        }

        return true;
    }
}
