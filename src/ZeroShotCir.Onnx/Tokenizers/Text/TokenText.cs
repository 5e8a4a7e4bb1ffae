using System.Text;
using ZeroShotCir.Onnx.Tokenizers.Models;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>How the tokens of each kind of vocabulary join to text.</summary>
internal static class TokenText
{
    /// <summary>The blank of SentencePiece vocabularies.</summary>
    public const char Metaspace = '\u2581';

    /// <summary>Byte-level tokens spell UTF-8.</summary>
    public static string JoinBytes(IEnumerable<string> tokens)
    {
        List<byte> bytes = [];
        foreach (string token in tokens)
        {
            ByteAlphabet.AppendBytes(token, bytes);
        }

        return Encoding.UTF8.GetString([.. bytes]).Trim();
    }

    /// <summary>SentencePiece tokens hold their blanks, and spell rare characters as bytes.</summary>
    public static string JoinPieces(IEnumerable<string> tokens)
    {
        List<byte> bytes = [];
        foreach (string token in tokens)
        {
            if (ByteFallback.TryParse(token, out byte value))
            {
                bytes.Add(value);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(token.Replace(Metaspace, ' ')));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).Trim();
    }

    /// <summary>WordPiece tokens are words but for continuations; blanks before punctuation and contractions go, as in the reference decoder.</summary>
    public static string JoinWordPieces(IEnumerable<string> tokens, string continuation)
    {
        StringBuilder text = new();
        foreach (string token in tokens)
        {
            if (token.StartsWith(continuation, StringComparison.Ordinal))
            {
                text.Append(token, continuation.Length, token.Length - continuation.Length);
            }
            else
            {
                text.Append(text.Length > 0 ? " " : string.Empty).Append(token);
            }
        }

        foreach (string closed in (string[])[".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re"])
        {
            text.Replace(" " + closed, closed);
        }

        return text.Replace(" ' ", "'").ToString().Trim();
    }
}
