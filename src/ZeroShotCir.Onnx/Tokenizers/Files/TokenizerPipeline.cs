using System.Text.Json;
using ZeroShotCir.Onnx.Json;
using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads the <c>model</c> of a <c>tokenizer.json</c> that is not CLIP's, and joins it with the stages around it.</summary>
internal static class TokenizerPipeline
{
    private const int DefaultMaxLength = 1024;

    public static PipelineTokenizer Read(JsonElement root, JsonElement model, TokenizerSettings settings, string path)
    {
        WordModel words = model.Text("type", "BPE") switch
        {
            "BPE" => ReadBytePairs(root, model),
            "Unigram" => ReadUnigram(model),
            "WordPiece" => ReadWordPiece(model),
            string other => throw new InvalidDataException($"its model '{other}' is not supported; supported are BPE, Unigram and WordPiece"),
        };
        Func<string, string> normalize = Normalizers.Read(root);
        AddedToken[] added = [.. TokenizerJson.ReadAddedTokens(root, words.Vocabulary)
            .Select(token => token.Normalized ? token with { Content = normalize(token.Content) } : token)];
        return new PipelineTokenizer(added)
        {
            Kind = words.Kind,
            Path = path,
            Cleaning = settings.Use.CleaningFor(settings),
            BlankedId = settings.BlankedId(words.Vocabulary),
            Normalize = settings.ClassName.StartsWith("Siglip2", StringComparison.Ordinal) ? text => normalize(LowerCase.ConvertEach(text)) : normalize,
            Vocabulary = words.Vocabulary,
            Encoder = words.Encoder,
            Join = words.Join,
            Split = WordSplitters.Read(root),
            Template = ReadTemplate(root, words.Vocabulary),
            MaxLength = settings.MaxLength ?? DefaultMaxLength,
            PadId = ReadPad(root, words.Vocabulary, settings),
        };
    }

    private static WordModel ReadBytePairs(JsonElement root, JsonElement model)
    {
        foreach (string field in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model.Text(field).Length > 0)
            {
                throw new InvalidDataException($"its BPE model has the {field} '{model.Text(field)}', which is not supported but for CLIP's");
            }
        }

        if (model.Flag("ignore_merges"))
        {
            throw new InvalidDataException("its BPE model sets ignore_merges, which is not supported");
        }

        Vocabulary vocabulary = BytePairFiles.ReadVocabulary(model.Required("vocab"));
        BytePairMerges merges = BytePairFiles.ReadMerges(model.Required("merges"), vocabulary);
        int? unknown = model.Text("unk_token") is { Length: > 0 } token ? IdOf(vocabulary, token) : null;
        if (TokenizerJson.Steps(root, "pre_tokenizer", "pretokenizers").Any(step => step.Text("type") == "ByteLevel"))
        {
            return new WordModel("BPE", vocabulary, new ByteLevelEncoder(vocabulary, merges, endOfWord: string.Empty, unknown), TokenText.JoinBytes);
        }

        ByteFallback? bytes = model.Flag("byte_fallback") ? ByteFallback.Find(vocabulary) : null;
        return new WordModel("BPE", vocabulary, new CodePointEncoder(vocabulary, merges, unknown, model.Flag("fuse_unk"), bytes), TokenText.JoinPieces);
    }

    private static WordModel ReadUnigram(JsonElement model)
    {
        Vocabulary vocabulary = new();
        List<UnigramPiece> pieces = [];
        foreach (JsonElement piece in model.Required("vocab").EnumerateArray())
        {
            pieces.Add(new UnigramPiece(piece[0].GetString()!, pieces.Count, piece[1].GetDouble()));
            vocabulary.Add(pieces[^1].Text, pieces[^1].Id);
        }

        if (pieces.Count == 0)
        {
            throw new InvalidDataException("its Unigram model has no pieces");
        }

        ByteFallback? bytes = model.Flag("byte_fallback") ? ByteFallback.Find(vocabulary) : null;
        int unknown = model.Required("unk_id").GetInt32();
        return unknown >= 0 && unknown < pieces.Count
            ? new WordModel("Unigram", vocabulary, new UnigramEncoder(pieces, unknown, bytes), TokenText.JoinPieces)
            : throw new InvalidDataException($"its unk_id is {unknown}, but its Unigram model has {pieces.Count} pieces");
    }

    private static WordModel ReadWordPiece(JsonElement model)
    {
        Vocabulary vocabulary = BytePairFiles.ReadVocabulary(model.Required("vocab"));
        string continuation = model.Text("continuing_subword_prefix", WordPieceEncoder.Continuation);
        int longest = model.Optional("max_input_chars_per_word")?.GetInt32() ?? WordPieceEncoder.LongestWord;
        WordPieceEncoder encoder = new(vocabulary, continuation, IdOf(vocabulary, model.Text("unk_token", "[UNK]")), longest);
        return new WordModel("WordPiece", vocabulary, encoder, tokens => TokenText.JoinWordPieces(tokens, continuation));
    }

    private static int IdOf(Vocabulary vocabulary, string token) => vocabulary.TryGetId(token, out int id)
        ? id
        : throw new InvalidDataException($"its unknown token '{token}' is not in its vocabulary");

    private static SequenceTemplate ReadTemplate(JsonElement root, Vocabulary vocabulary)
    {
        SequenceTemplate template = PostProcessors.Read(root);
        foreach (int id in template.Prefix.Concat(template.Suffix))
        {
            if (id < 0 || id >= vocabulary.Size)
            {
                throw new InvalidDataException($"its post-processor adds the id {id}, but its vocabulary has {vocabulary.Size}");
            }
        }

        return template;
    }

    private static int ReadPad(JsonElement root, Vocabulary vocabulary, TokenizerSettings settings)
    {
        int pad = vocabulary.TryGetId(settings.Pad, out int id) ? id
            : root.Optional("padding")?.Optional("pad_id")?.GetInt32() ?? (vocabulary.TryGetId(settings.End, out id) ? id : 0);
        return pad >= 0 ? pad : throw new InvalidDataException($"its pad_id is {pad}; an id is at least 0");
    }

    /// <summary>What turns a word into ids, and ids into text.</summary>
    private sealed record WordModel(string Kind, Vocabulary Vocabulary, IWordEncoder Encoder, Func<IEnumerable<string>, string> Join);
}
