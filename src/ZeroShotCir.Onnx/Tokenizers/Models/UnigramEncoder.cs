using System.Text;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>A piece of a unigram model.</summary>
internal readonly record struct UnigramPiece(string Text, int Id, double Score);

/// <summary>
/// SentencePiece's unigram model: of all ways to cut a word into pieces, the one with the greatest sum of scores (Viterbi).
/// A code point that is no piece counts as unknown at ten below the smallest score, and a run of unknowns is one token.
/// </summary>
internal sealed class UnigramEncoder : IWordEncoder
{
    private const double UnknownPenalty = 10;

    /// <summary>Far more than published pieces have; every position of a text is compared with pieces up to the longest.</summary>
    private const int LongestPiece = 512;

    private readonly Dictionary<string, (int Id, double Score)>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly int _longestPiece;
    private readonly int _unknown;
    private readonly double _unknownScore;
    private readonly ByteFallback? _bytes;

    /// <summary>Creates an encoder.</summary>
    /// <param name="pieces">The pieces; not none.</param>
    /// <param name="unknown">The id of what is no piece.</param>
    /// <param name="bytes">Spells unknown code points as bytes, where the model does.</param>
    public UnigramEncoder(IReadOnlyList<UnigramPiece> pieces, int unknown, ByteFallback? bytes)
    {
        Dictionary<string, (int Id, double Score)> byText = new(pieces.Count, StringComparer.Ordinal);
        foreach (UnigramPiece piece in pieces)
        {
            byText[piece.Text] = (piece.Id, piece.Score);
        }

        _pieces = byText.GetAlternateLookup<ReadOnlySpan<char>>();
        _longestPiece = pieces.Max(piece => piece.Text.Length);
        if (_longestPiece > LongestPiece)
        {
            throw new InvalidDataException($"one of its pieces has {_longestPiece} characters, more than the {LongestPiece} that a piece may have");
        }

        _unknown = unknown;
        _unknownScore = pieces.Min(piece => piece.Score) - UnknownPenalty;
        _bytes = bytes;
    }

    public void Encode(scoped ReadOnlySpan<char> word, ref TokenWriter writer)
    {
        using RentedArray<Step> rented = new(word.Length + 1);
        Span<Step> steps = rented.Span;
        steps.Fill(new Step(double.NegativeInfinity, -1, 0));
        steps[0] = new Step(0, -1, 0);
        for (int start = 0, width; start < word.Length; start += width)
        {
            Rune.DecodeFromUtf16(word[start..], out _, out width);
            double score = steps[start].Score;
            bool wholePoint = false;
            for (int end = start + width; end <= word.Length && end - start <= _longestPiece; end++)
            {
                if (_pieces.TryGetValue(word[start..end], out (int Id, double Score) piece))
                {
                    wholePoint |= end == start + width;
                    Offer(ref steps[end], new Step(score + piece.Score, start, piece.Id));
                }
            }

            if (!wholePoint)
            {
                Offer(ref steps[start + width], new Step(score + _unknownScore, start, _unknown));
            }
        }

        Write(word, steps, ref writer);
    }

    private static void Offer(ref Step best, Step candidate)
    {
        if (best.Start < 0 || candidate.Score > best.Score)
        {
            best = candidate;
        }
    }

    private void Write(scoped ReadOnlySpan<char> word, Span<Step> steps, ref TokenWriter writer)
    {
        // The best path is linked backwards: turn it round in place, each step then telling where it ends.
        int end = word.Length;
        int next = -1;
        while (end >= 0)
        {
            (int start, steps[end]) = (steps[end].Start, steps[end] with { Start = next });
            next = end;
            end = start;
        }

        for (int start = 0; start < word.Length; start = end)
        {
            end = steps[start].Start;
            int id = steps[end].Id;
            if (id != _unknown)
            {
                writer.Add(id);
                continue;
            }

            // A run of unknowns is one: as bytes, or as one token.
            while (end < word.Length && steps[steps[end].Start].Id == _unknown)
            {
                end = steps[end].Start;
            }

            if (_bytes is null || !_bytes.TryEncode(word[start..end], ref writer))
            {
                writer.Add(_unknown);
            }
        }
    }

    /// <summary>The best way to reach a position: its score, where its last piece starts, and that piece.</summary>
    private readonly record struct Step(double Score, int Start, int Id);
}
