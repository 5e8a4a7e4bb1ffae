using System.Text.RegularExpressions;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>
/// The steps that Hugging Face's tokenizers go through: added tokens are cut out of the raw text, the rest is
/// normalized, more added tokens are cut out, the rest is split into words, and each word is encoded.
/// </summary>
internal sealed class PipelineTokenizer : ITokenizer
{
    private readonly AddedTokens _rawTokens;
    private readonly AddedTokens _normalizedTokens;
    private readonly HashSet<int> _special;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="addedTokens">The added tokens; those that are found in normalized text as they stand there.</param>
    public PipelineTokenizer(IReadOnlyList<AddedToken> addedTokens)
    {
        _special = [.. addedTokens.Where(token => token.Special).Select(token => token.Id)];
        _rawTokens = new AddedTokens(addedTokens.Where(token => !token.Normalized));
        _normalizedTokens = new AddedTokens(addedTokens.Where(token => token.Normalized));
    }

    /// <summary>The file that describes the tokenizer.</summary>
    public required string Path { get; init; }

    /// <summary>How a text is cleaned before all else.</summary>
    public required TextCleaning Cleaning { get; init; }

    /// <summary>The id in whose place 0 is written.</summary>
    public int? BlankedId { get; init; }

    /// <summary>What encodes words, in the terms of <c>tokenizer.json</c>.</summary>
    public required string Kind { get; init; }

    public required Func<string, string> Normalize { get; init; }

    public required Vocabulary Vocabulary { get; init; }

    public required WordSplitter Split { get; init; }

    public required IWordEncoder Encoder { get; init; }

    public required SequenceTemplate Template { get; init; }

    public required Func<IEnumerable<string>, string> Join { get; init; }

    public required int MaxLength { get; init; }

    public required int PadId { get; init; }

    public int VocabularySize => Vocabulary.Size;

    public int Encode(ReadOnlySpan<char> text, Span<int> ids, out bool truncated)
    {
        TokenWriter writer = new(ids, MaxLength, Template.Suffix.Length);
        writer.Add(Template.Prefix);
        try
        {
            EncodeText(Cleaning == TextCleaning.None ? text : CleanText.Clean(text.ToString(), Cleaning), ref writer);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new InvalidModelException(
                $"The tokenizer file '{Path}' has the pattern '{e.Pattern}', which takes longer than {e.MatchTimeout.TotalSeconds} s on a text of {text.Length} characters. "
                + "Such a pattern tries too many ways: use the tokenizer of the original model.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidModelException($"The tokenizer file '{Path}' cannot be used on a text of {text.Length} characters: {e.Message}.", e);
        }

        writer.End(Template.Suffix);
        truncated = writer.Truncated;
        if (BlankedId is { } blanked)
        {
            ids[..writer.Count].Replace(blanked, 0);
        }

        return writer.Count;
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        List<string> tokens = new(ids.Length);
        foreach (int id in ids)
        {
            if (Vocabulary.TokenOf(id) is { } token && !_special.Contains(id))
            {
                tokens.Add(token);
            }
        }

        return Join(tokens);
    }

    private void EncodeText(scoped ReadOnlySpan<char> text, ref TokenWriter writer)
    {
        int done = 0;
        while (_rawTokens.Next(text, done, out int start, out int end) is { } token && !writer.Truncated)
        {
            EncodeRaw(text[done..start], done == 0, ref writer);
            writer.Add(token.Id);
            done = end;
        }

        EncodeRaw(text[done..], done == 0, ref writer);
    }

    private void EncodeRaw(scoped ReadOnlySpan<char> raw, bool startsText, ref TokenWriter writer)
    {
        if (raw.IsEmpty || writer.Truncated)
        {
            return;
        }

        string text = Normalize(raw.ToString());
        int done = 0;
        while (_normalizedTokens.Next(text, done, out int start, out int end) is { } token)
        {
            EncodeWords(text[done..start], startsText && done == 0, ref writer);
            writer.Add(token.Id);
            done = end;
        }

        EncodeWords(text[done..], startsText && done == 0, ref writer);
    }

    private void EncodeWords(string text, bool startsText, ref TokenWriter writer)
    {
        if (text.Length == 0)
        {
            return;
        }

        foreach (string word in Split(text, startsText))
        {
            if (writer.Truncated)
            {
                return;
            }

            Encoder.Encode(word, ref writer);
        }
    }
}
