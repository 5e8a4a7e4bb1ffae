using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads <c>vocab.txt</c>, one token a line, as BERT's tokenizer (BLIP, Chinese-CLIP): [CLS] words [SEP].</summary>
internal static class BertVocabularyFile
{
    private const int DefaultMaxLength = 512;

    public static PipelineTokenizer Read(byte[] bytes, TokenizerSettings settings, string path)
    {
        Vocabulary vocabulary = ReadVocabulary(bytes);
        int unknown = IdOf(vocabulary, settings.Unknown ?? "[UNK]");
        int start = IdOf(vocabulary, settings.Class ?? "[CLS]");
        int end = IdOf(vocabulary, settings.Separator ?? "[SEP]");
        int pad = IdOf(vocabulary, settings.Pad ?? "[PAD]");
        AddedToken[] special = [.. new[] { unknown, start, end, pad }.Distinct().Select(id => new AddedToken(vocabulary.TokenOf(id)!, id))];
        AddedToken[] mask = vocabulary.TryGetId("[MASK]", out int masked) ? [new AddedToken("[MASK]", masked)] : [];
        BertText text = new(settings.LowerCase ?? true, settings.StripsAccents, settings.SeparatesIdeographs ?? true);
        return new PipelineTokenizer([.. special, .. mask])
        {
            Path = path,
            Cleaning = settings.Use.CleaningFor(settings),
            BlankedId = settings.BlankedId(vocabulary),
            Kind = "WordPiece",
            Normalize = text.Normalize,
            Vocabulary = vocabulary,
            Encoder = new WordPieceEncoder(vocabulary, WordPieceEncoder.Continuation, unknown, WordPieceEncoder.LongestWord),
            Join = tokens => TokenText.JoinWordPieces(tokens, WordPieceEncoder.Continuation),
            Split = (words, _) => BertText.Words(words),
            Template = new SequenceTemplate([start], [end]),
            MaxLength = settings.MaxLength ?? DefaultMaxLength,
            PadId = pad,
        };
    }

    private static Vocabulary ReadVocabulary(byte[] bytes)
    {
        string[] lines = TokenizerFile.Text(bytes).Split('\n');
        Vocabulary vocabulary = new();
        for (int id = 0; id < lines.Length; id++)
        {
            if (id < lines.Length - 1 || lines[id].Length > 0)
            {
                vocabulary.Add(lines[id].TrimEnd('\r'), id);
            }
        }

        return vocabulary;
    }

    private static int IdOf(Vocabulary vocabulary, string token) => vocabulary.TryGetId(token, out int id)
        ? id
        : throw new InvalidDataException($"it has no line '{token}', which BERT's tokenizer needs");
}
