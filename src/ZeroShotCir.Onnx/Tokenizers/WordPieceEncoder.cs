using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>BERT's WordPiece: the longest token that begins a word, then the longest continuation, and so on; one unknown token where that fails.</summary>
internal sealed class WordPieceEncoder(Vocabulary vocabulary, string continuation, int unknown, int longestWord) : IWordEncoder
{
    /// <summary>The prefix of tokens that continue a word, in published vocabularies.</summary>
    public const string Continuation = "##";

    /// <summary>The code points of the longest word that is looked up, in published files.</summary>
    public const int LongestWord = 100;

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

        Span<char> candidate = stackalloc char[continuation.Length + word.Length];
        Span<int> ids = stackalloc int[word.Length];
        continuation.CopyTo(candidate);
        int count = 0;
        for (int start = 0; start < word.Length;)
        {
            word[start..].CopyTo(candidate[continuation.Length..]);
            int first = start == 0 ? continuation.Length : 0;
            int length = word.Length - start;
            while (length > 0 && !vocabulary.TryGetId(candidate[first..(continuation.Length + length)], out ids[count]))
            {
                length--;
            }

            if (length == 0)
            {
                writer.Add(unknown);
                return;
            }

            start += length;
            count++;
        }

        writer.Add(ids[..count]);
    }
}
