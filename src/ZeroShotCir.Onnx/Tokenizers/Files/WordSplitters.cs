using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ZeroShotCir.Onnx.Json;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c>: how text is cut into the words that are encoded one by one.</summary>
internal static partial class WordSplitters
{
    private const string Supported = "BertPreTokenizer, ByteLevel, Digits, Metaspace, Split and WhitespaceSplit";

    /// <summary>Leaves text in one piece.</summary>
    public static WordSplitter Whole { get; } = (text, _) => [text];

    public static WordSplitter Read(JsonElement root) =>
        TokenizerJson.Steps(root, "pre_tokenizer", "pretokenizers").Select(ReadStep).Aggregate(Whole, (first, second) =>
            first == Whole ? second : (text, startsText) => first(text, startsText).SelectMany((word, index) => second(word, startsText && index == 0)));

    private static WordSplitter ReadStep(JsonElement step) => step.Text("type") switch
    {
        "BertPreTokenizer" => (text, _) => BertText.Words(text),
        "WhitespaceSplit" => (text, _) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        "ByteLevel" => ByteLevel(step.Flag("add_prefix_space"), step.Flag("use_regex", true)),
        "Digits" => Digits(step.Flag("individual_digits")),
        "Metaspace" => Metaspace(step),
        "Split" => Split(step),
        string other => throw new InvalidDataException($"its pre-tokenizer '{other}' is not supported; supported are {Supported}"),
    };

    /// <summary>GPT-2's words; the bytes themselves are the encoder's concern.</summary>
    private static WordSplitter ByteLevel(bool addsBlank, bool splits) => (text, _) =>
    {
        text = addsBlank && text[0] != ' ' ? " " + text : text;
        return splits ? Gpt2Words().Matches(text).Select(word => word.Value) : [text];
    };

    /// <summary>Numbers stand alone, or each of their digits does: what Unicode calls a number (Nd, Nl and No), as Rust does.</summary>
    private static WordSplitter Digits(bool individual) => (text, _) => Join(text, Numbers(text), (isMatch, wasMatch) => isMatch == wasMatch && !(isMatch && individual));

    private static IEnumerable<(int Start, int End, bool IsMatch)> Numbers(string text)
    {
        int start = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            yield return (start, start + rune.Utf16SequenceLength, Rune.IsNumber(rune));
            start += rune.Utf16SequenceLength;
        }
    }

    private static WordSplitter Metaspace(JsonElement step)
    {
        string replacement = step.Text("replacement", TokenText.Metaspace.ToString());
        string scheme = step.Text("prepend_scheme", step.Flag("add_prefix_space", true) ? "always" : "never");
        if (replacement != TokenText.Metaspace.ToString() || scheme is not ("always" or "first" or "never"))
        {
            throw new InvalidDataException(
                $"its Metaspace pre-tokenizer replaces blanks by '{replacement}' and prepends '{scheme}'; supported are '{TokenText.Metaspace}' and always, first or never");
        }

        bool splits = step.Flag("split", true);
        return (text, startsText) =>
        {
            text = text.Replace(' ', TokenText.Metaspace);
            text = text[0] != TokenText.Metaspace && (scheme == "always" || (scheme == "first" && startsText)) ? TokenText.Metaspace + text : text;
            return splits ? BeforeEachMetaspace(text) : [text];
        };
    }

    private static IEnumerable<string> BeforeEachMetaspace(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf(TokenText.Metaspace, start + 1);
            end = end < 0 ? text.Length : end;
            yield return text[start..end];
        }
    }

    private static WordSplitter Split(JsonElement step)
    {
        TextPattern pattern = TextPattern.Read(step.Required("pattern"));
        bool inverted = step.Flag("invert");
        Func<bool, bool, bool> joins = step.Text("behavior") switch
        {
            "Removed" or "Isolated" => (_, _) => false,
            "MergedWithPrevious" => (isMatch, wasMatch) => isMatch && !wasMatch,
            "MergedWithNext" => (isMatch, wasMatch) => !isMatch && wasMatch,
            "Contiguous" => (isMatch, wasMatch) => isMatch == wasMatch,
            string other => throw new InvalidDataException(
                $"its pre-tokenizer Split behaves '{other}'; supported are Removed, Isolated, MergedWithPrevious, MergedWithNext and Contiguous"),
        };
        bool removes = step.Text("behavior") == "Removed";
        return (text, _) => Join(text, Parts(text, pattern, inverted).Where(part => !removes || !part.IsMatch), joins);
    }

    /// <summary>The whole text as matches and what lies between them.</summary>
    private static IEnumerable<(int Start, int End, bool IsMatch)> Parts(string text, TextPattern pattern, bool inverted)
    {
        int done = 0;
        foreach ((int start, int end) in pattern.Find(text).Where(match => match.End > match.Start))
        {
            if (start > done)
            {
                yield return (done, start, inverted);
            }

            done = end;
            yield return (start, end, !inverted);
        }

        if (done < text.Length)
        {
            yield return (done, text.Length, inverted);
        }
    }

    private static IEnumerable<string> Join(string text, IEnumerable<(int Start, int End, bool IsMatch)> parts, Func<bool, bool, bool> joins)
    {
        (int Start, int End, bool IsMatch)? word = null;
        foreach ((int Start, int End, bool IsMatch) part in parts)
        {
            if (word is { } begun && begun.End == part.Start && joins(part.IsMatch, begun.IsMatch))
            {
                word = (begun.Start, part.End, part.IsMatch);
                continue;
            }

            if (word is { } complete)
            {
                yield return text[complete.Start..complete.End];
            }

            word = part;
        }

        if (word is { } last)
        {
            yield return text[last.Start..last.End];
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Words();
}
