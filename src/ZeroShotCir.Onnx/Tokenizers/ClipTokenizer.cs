using System.Buffers;
using System.Text;
using ZeroShotCir.Buffers;
using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;
using ZeroShotCir.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>
/// CLIP's tokenizer: lower-cased byte-level byte-pair encoding between a start and an end token, id for id what
/// OpenAI's <c>simple_tokenizer.py</c> (<see cref="ClipTextStyle.OpenAI"/>), OpenCLIP's (<see cref="ClipTextStyle.OpenClip"/>)
/// or Hugging Face's CLIPTokenizer (<see cref="ClipTextStyle.HuggingFace"/>) give.
/// </summary>
internal sealed class ClipTokenizer : ITokenizer
{
    public const string StartText = "<|startoftext|>";
    public const string EndText = "<|endoftext|>";

    private const int StackLength = 512;

    /// <summary>Latin letters and typographic punctuation: what is its own composed form, and is lower-cased character by character.</summary>
    private static readonly SearchValues<char> Composed = SearchValues.Create([.. LowerCased]);

    /// <summary>Those that the programs' cleaning leaves alone too.</summary>
    private static readonly SearchValues<char> Clean = SearchValues.Create([.. LowerCased.Where(c => RepairedText.IsSound([c]))]);

    private readonly Vocabulary _vocabulary;
    private readonly ByteLevelEncoder _encoder;
    private readonly ClipTextStyle _style;
    private readonly SearchValues<char> _plain;
    private readonly AddedTokens _rawTokens;
    private readonly AddedTokens _normalizedTokens;
    private readonly HashSet<int> _special;
    private readonly int _start;
    private readonly int _end;

    public ClipTokenizer(
        Vocabulary vocabulary, BytePairMerges merges, ClipTextStyle style, IReadOnlyList<AddedToken> addedTokens, int start, int end, int pad, int maxLength)
    {
        _vocabulary = vocabulary;
        _encoder = new ByteLevelEncoder(vocabulary, merges, "</w>", end);
        _style = style;
        _plain = style.IsProgram ? Clean : Composed;
        _start = start;
        _end = end;
        _special = [.. addedTokens.Where(token => token.Special).Select(token => token.Id)];

        // A program finds its special tokens by its pattern, in the cleaned text only.
        _rawTokens = new AddedTokens(addedTokens.Where(token => !token.Normalized && !style.IsProgram));
        _normalizedTokens = new AddedTokens(addedTokens.Where(token => token.Normalized && !style.IsProgram));
        PadId = pad;
        MaxLength = maxLength;
    }

    private static IEnumerable<char> LowerCased =>
        Enumerable.Range(0, 0x300).Where(code => code != 'İ').Concat(Enumerable.Range(0x2010, 0x18)).Select(code => (char)code);

    public int VocabularySize => _vocabulary.Size;

    public TextCleaning Cleaning => _style.Cleaning;

    public int MaxLength { get; }

    public int PadId { get; }

    public int Encode(ReadOnlySpan<char> text, Span<int> ids, out bool truncated)
    {
        TokenWriter writer = new(ids, MaxLength, reservedAtEnd: 1);
        writer.Add(_start);
        if (!_style.IsProgram && _style.Cleaning != TextCleaning.None)
        {
            text = CleanText.Clean(text.ToString(), _style.Cleaning);
        }

        int done = 0;
        if (!_rawTokens.AreAbsentFrom(text))
        {
            while (_rawTokens.Next(text, done, out int start, out int end) is { } token)
            {
                EncodeRaw(text[done..start], ref writer);
                writer.Add(token.Id);
                done = end;
            }
        }

        EncodeRaw(text[done..], ref writer);
        writer.End([_end]);
        truncated = writer.Truncated;
        return writer.Count;
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        List<byte> bytes = new(4 * ids.Length);
        foreach (int id in ids)
        {
            string? token = _vocabulary.TokenOf(id);
            if (token is not null && !_special.Contains(id))
            {
                bool endsWord = token.EndsWith("</w>", StringComparison.Ordinal);
                ByteAlphabet.AppendBytes(endsWord ? token.AsSpan(0, token.Length - 4) : token, bytes);
                if (endsWord)
                {
                    bytes.Add((byte)' ');
                }
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).Trim();
    }

    private void EncodeRaw(scoped ReadOnlySpan<char> raw, ref TokenWriter writer)
    {
        if (raw.ContainsAnyExcept(_plain) || _style.Cleaning == TextCleaning.Canonicalize)
        {
            EncodeLower(_style.IsProgram ? CleanText.Clean(raw.ToString(), _style.Cleaning) : LowerCase.Convert(CanonicalForm.Compose(raw.ToString())), ref writer);
            return;
        }

        using RentedArray<char> rented = raw.Length > StackLength ? new RentedArray<char>(raw.Length) : default;
        Span<char> lower = raw.Length > StackLength ? rented.Span : stackalloc char[StackLength];
        lower = lower[..raw.Length];
        if (Ascii.ToLower(raw, lower, out _) != OperationStatus.Done)
        {
            raw.ToLowerInvariant(lower);
        }

        EncodeLower(lower, ref writer);
    }

    private void EncodeLower(scoped ReadOnlySpan<char> text, ref TokenWriter writer)
    {
        if (_style.IsProgram)
        {
            EncodeCleaned(PythonBlanks.Strip(text), ref writer);
            return;
        }

        int done = 0;
        if (!_normalizedTokens.AreAbsentFrom(text))
        {
            while (_normalizedTokens.Next(text, done, out int start, out int end) is { } token)
            {
                EncodeWords(text[done..start], ref writer);
                writer.Add(token.Id);
                done = end;
            }
        }

        EncodeWords(text[done..], ref writer);
    }

    /// <summary>Hugging Face's words: added tokens are already cut out, wherever they stood.</summary>
    private void EncodeWords(scoped ReadOnlySpan<char> text, ref TokenWriter writer)
    {
        int end = 0;
        while (!writer.Truncated && ClipWords.Next(text, ref end, longS: false, out int start))
        {
            _encoder.Encode(text[start..end], ref writer);
        }
    }

    /// <summary>The programs' words: the special tokens are alternatives of the pattern, found only where a word can begin.</summary>
    private void EncodeCleaned(scoped ReadOnlySpan<char> text, ref TokenWriter writer)
    {
        int end = 0;
        while (!writer.Truncated && ClipWords.Next(text, ref end, longS: true, out int start))
        {
            if (text[start] == '<' && text[start..].StartsWith(_style.Start, StringComparison.Ordinal))
            {
                writer.Add(_start);
                end = start + _style.Start.Length;
            }
            else if (text[start] == '<' && text[start..].StartsWith(_style.End, StringComparison.Ordinal))
            {
                writer.Add(_end);
                end = start + _style.End.Length;
            }
            else
            {
                _encoder.Encode(text[start..end], ref writer);
            }
        }
    }
}
