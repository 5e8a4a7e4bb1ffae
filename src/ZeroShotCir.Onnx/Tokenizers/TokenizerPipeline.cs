using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>
/// Reads the stages of a <c>tokenizer.json</c> that is not CLIP's. Normalizers: <c>Lowercase</c>, <c>Replace</c>, <c>Strip</c>, the
/// Unicode forms. Pre-tokenizers: <c>ByteLevel</c> (GPT-2, BART), <c>Metaspace</c> (SigLIP). Models: byte-level <c>BPE</c>,
/// <c>Unigram</c>. Post-processors: <c>TemplateProcessing</c>, <c>ByteLevel</c>. Anything else is refused.
/// </summary>
internal static partial class TokenizerPipeline
{
    private const int DefaultMaxLength = 1024;

    public static PipelineTokenizer Read(JsonElement root, JsonElement model, TokenizerSettings settings)
    {
        JsonElement[] splitters = TokenizerJson.Steps(root, "pre_tokenizer", "pretokenizers");
        string splitter = splitters.Length == 1 ? splitters[0].Text("type") : $"{splitters.Length} steps";
        return (model.Text("type", "BPE"), splitter) switch
        {
            ("BPE", "ByteLevel") => ReadByteLevel(root, model, splitters[0], settings),
            ("Unigram", "Metaspace") => ReadUnigram(root, model, splitters[0], settings),
            (string type, _) => throw new InvalidDataException(
                $"its model '{type}' with pre-tokenizer '{splitter}' is not supported; supported are CLIP's BPE, BPE with ByteLevel, and Unigram with Metaspace"),
        };
    }

    private static PipelineTokenizer ReadByteLevel(JsonElement root, JsonElement model, JsonElement splitter, TokenizerSettings settings)
    {
        Vocabulary vocabulary = BytePairFiles.ReadVocabulary(model.Required("vocab"));
        BytePairMerges merges = BytePairFiles.ReadMerges(model.Required("merges"), vocabulary);
        AddedToken[] added = TokenizerJson.ReadAddedTokens(root, vocabulary);
        bool prefix = splitter.Flag("add_prefix_space");
        return new PipelineTokenizer(added, ReadNormalizer(root))
        {
            Vocabulary = vocabulary,
            Encoder = new ByteLevelEncoder(vocabulary, merges, endOfWord: string.Empty, unknown: null),
            Split = (text, startsText) => Gpt2Words().Matches(prefix && startsText && !text.StartsWith(' ') ? " " + text : text).Select(word => word.Value),
            Join = TokenText.JoinBytes,
            Template = ReadTemplate(root),
            MaxLength = settings.MaxLength ?? DefaultMaxLength,
            PadId = PadOf(vocabulary, settings),
        };
    }

    private static PipelineTokenizer ReadUnigram(JsonElement root, JsonElement model, JsonElement splitter, TokenizerSettings settings)
    {
        if (splitter.Text("replacement", "\u2581") != TokenText.Metaspace.ToString() || splitter.Text("prepend_scheme", "always") != "always")
        {
            throw new InvalidDataException("its Metaspace pre-tokenizer must replace blanks by '\u2581' and always prepend one");
        }

        List<(string Piece, double Score)> pieces = [.. model.Required("vocab").EnumerateArray().Select(piece => (piece[0].GetString()!, piece[1].GetDouble()))];
        if (pieces.Count == 0)
        {
            throw new InvalidDataException("its Unigram model has no pieces");
        }

        Vocabulary vocabulary = new();
        for (int id = 0; id < pieces.Count; id++)
        {
            vocabulary.Add(pieces[id].Piece, id);
        }

        int unknown = model.Required("unk_id").GetInt32();
        AddedToken[] added = TokenizerJson.ReadAddedTokens(root, vocabulary);
        return new PipelineTokenizer(added, ReadNormalizer(root))
        {
            Vocabulary = vocabulary,
            Encoder = new UnigramEncoder(pieces, unknown, model.Flag("byte_fallback") ? ByteFallback.Find(vocabulary) : null),
            Split = (text, _) => SplitAtMetaspaces(text.Replace(' ', TokenText.Metaspace)),
            Join = TokenText.JoinPieces,
            Template = ReadTemplate(root),
            MaxLength = settings.MaxLength ?? DefaultMaxLength,
            PadId = PadOf(vocabulary, settings),
        };
    }

    // Each word begins with its own blank; the first is given one if it has none.
    private static IEnumerable<string> SplitAtMetaspaces(string text)
    {
        text = text[0] == TokenText.Metaspace ? text : TokenText.Metaspace + text;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf(TokenText.Metaspace, start + 1);
            end = end < 0 ? text.Length : end;
            yield return text[start..end];
        }
    }

    private static int PadOf(Vocabulary vocabulary, TokenizerSettings settings)
        => vocabulary.TryGetId(settings.Pad ?? settings.End, out int id) ? id : 0;

    private static (int[] Prefix, int[] Suffix) ReadTemplate(JsonElement root)
    {
        List<int> prefix = [];
        List<int> suffix = [];
        foreach (JsonElement step in TokenizerJson.Steps(root, "post_processor", "processors"))
        {
            switch (step.Text("type"))
            {
                case "ByteLevel":
                    break;
                case "TemplateProcessing":
                    List<int> ids = prefix;
                    foreach (JsonElement part in step.Required("single").EnumerateArray())
                    {
                        if (part.Optional("SpecialToken") is { } special)
                        {
                            ids.AddRange(step.Required("special_tokens").Required(special.Text("id")).Required("ids").EnumerateArray().Select(id => id.GetInt32()));
                        }
                        else
                        {
                            ids = suffix;
                        }
                    }

                    break;
                default:
                    throw new InvalidDataException($"its post-processor '{step.Text("type")}' is not supported; supported are TemplateProcessing and ByteLevel");
            }
        }

        return ([.. prefix], [.. suffix]);
    }

    private static Func<string, string> ReadNormalizer(JsonElement root)
    {
        Func<string, string>[] steps = [.. TokenizerJson.Steps(root, "normalizer", "normalizers").Select(ReadStep)];
        return text => steps.Aggregate(text, (current, step) => step(current));
    }

    private static Func<string, string> ReadStep(JsonElement step)
    {
        switch (step.Text("type"))
        {
            case "Lowercase":
                return LowerCase.Of;
            case "NFC":
                return CanonicalForm.Compose;
            case "Strip":
                bool left = step.Flag("strip_left");
                bool right = step.Flag("strip_right");
                return text => right ? (left ? text.Trim() : text.TrimEnd()) : left ? text.TrimStart() : text;
            case "Replace":
                string content = step.Text("content");
                JsonElement pattern = step.Required("pattern");
                if (pattern.Optional("String")?.GetString() is { Length: > 0 } literal)
                {
                    return text => text.Replace(literal, content, StringComparison.Ordinal);
                }

                Regex regex = new(pattern.Text("Regex"), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
                return text => regex.Replace(text, content.Replace("$", "$$", StringComparison.Ordinal));
            default:
                throw new InvalidDataException($"its normalizer '{step.Text("type")}' is not supported; supported are Lowercase, NFC, Replace and Strip");
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Words();
}
