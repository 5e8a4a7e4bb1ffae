using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Builds the tokenizer of a SentencePiece <c>.model</c> file: SigLIP's <c>spiece.model</c>, SigLIP 2's <c>tokenizer.model</c>.</summary>
internal static class SentencePieceTokenizer
{
    private const int DefaultMaxLength = 64;

    public static PipelineTokenizer Read(byte[] bytes, TokenizerSettings settings, string path)
    {
        SentencePieceFile file = SentencePieceFile.Read(bytes);
        Vocabulary vocabulary = new();
        for (int id = 0; id < file.Pieces.Count; id++)
        {
            vocabulary.Add(file.Pieces[id].Text, id);
        }

        ByteFallback? fallback = file.FallsBackToBytes ? ByteFallback.Find(vocabulary) : null;
        int end = settings.End is { } name && vocabulary.TryGetId(name, out int named) ? named : file.EndId;
        bool isSiglip = IsSiglip(settings, file);
        AddedToken[] added = isSiglip ? SiglipTokens(settings, vocabulary) : [.. AddedTokensOf(file)];
        return new PipelineTokenizer(added)
        {
            Path = path,
            Cleaning = settings.Use.CleaningFor(settings),
            Kind = file.MergesPairs ? "BPE" : "Unigram",
            Normalize = isSiglip ? SiglipText(file.Text, settings) : OtherText(file.Text, settings),
            Vocabulary = vocabulary,
            Encoder = file.MergesPairs
                ? new CodePointEncoder(vocabulary, MergesOf(file, vocabulary), file.UnknownId, fuseUnknown: true, fallback)
                : new UnigramEncoder(PiecesOf(file), file.UnknownId, fallback),
            Join = TokenText.JoinPieces,
            Split = isSiglip ? MarkStart : WordSplitters.Whole,
            Template = new SequenceTemplate(
                settings.AddsStart == true && file.StartId >= 0 ? [file.StartId] : [], settings.AddsEnd != false && end >= 0 ? [end] : []),
            MaxLength = settings.MaxLength ?? DefaultMaxLength,
            PadId = vocabulary.TryGetId(settings.Pad, out int pad) ? pad : isSiglip || file.PadId < 0 ? Math.Max(end, 0) : file.PadId,
        };
    }

    /// <summary>SigLIP's special tokens, which take the blanks around them.</summary>
    private static AddedToken[] SiglipTokens(TokenizerSettings settings, Vocabulary vocabulary)
    {
        foreach (AddedToken token in settings.AddedTokens)
        {
            vocabulary.Add(token.Content, token.Id);
        }

        return settings.AddedTokens.Count > 0
            ? [.. settings.AddedTokens.Select(token => token with { Normalized = false })]
            : [.. new[] { settings.End ?? "</s>", settings.Unknown ?? "<unk>", settings.Pad ?? "</s>" }.Distinct()
                .Where(token => vocabulary.TryGetId(token, out _))
                .Select(token => new AddedToken(token, vocabulary.TryGetId(token, out int id) ? id : 0, StripLeft: true, StripRight: true))];
    }

    private static IEnumerable<AddedToken> AddedTokensOf(SentencePieceFile file)
    {
        for (int id = 0; id < file.Pieces.Count; id++)
        {
            SentencePiece piece = file.Pieces[id];
            if (piece.Kind is SentencePieceKind.Control or SentencePieceKind.Unknown or SentencePieceKind.UserDefined)
            {
                bool isText = piece.Kind == SentencePieceKind.UserDefined;
                yield return new AddedToken(piece.Text, id, Special: !isText, Normalized: isText);
            }
        }
    }

    private static List<UnigramPiece> PiecesOf(SentencePieceFile file) =>
        [.. from item in file.Pieces.Index()
            where item.Item.Kind == SentencePieceKind.Normal
            select new UnigramPiece(item.Item.Text, item.Index, item.Item.Score)];

    /// <summary>Any two pieces that make a third may merge; the better its score, the earlier.</summary>
    private static BytePairMerges MergesOf(SentencePieceFile file, Vocabulary vocabulary)
    {
        BytePairMerges merges = new();
        int rank = 0;
        float score = float.PositiveInfinity;
        foreach (SentencePiece piece in file.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal).OrderByDescending(piece => piece.Score))
        {
            rank += piece.Score < score ? 1 : 0;
            score = piece.Score;
            vocabulary.TryGetId(piece.Text, out int merged);
            for (int cut = 1; cut < piece.Text.Length; cut++)
            {
                if (vocabulary.TryGetId(piece.Text.AsSpan(0, cut), out int left) && vocabulary.TryGetId(piece.Text.AsSpan(cut), out int right))
                {
                    merges.Add(left, right, merged, rank);
                }
            }
        }

        return merges;
    }

    /// <summary>SigLIP's own cleaning, done to each stretch of text between special tokens.</summary>
    private static Func<string, string> SiglipText(SentencePieceText own, TokenizerSettings settings)
    {
        own = own with { AddsBlank = false };
        return text =>
        {
            text = text.Replace(TokenText.Metaspace, ' ');
            return own.Normalize(SentencePieceText.WithoutPunctuation(settings.LowerCase == false ? text : LowerCase.Convert(text)));
        };
    }

    /// <summary>Only what begins the text begins with a blank piece, not what follows a special token.</summary>
    private static IEnumerable<string> MarkStart(string text, bool startsText) => [startsText ? TokenText.Metaspace + text : text];

    private static Func<string, string> OtherText(SentencePieceText own, TokenizerSettings settings) =>
        settings.ClassName.StartsWith("Siglip2", StringComparison.Ordinal) ? text => own.Normalize(LowerCase.ConvertEach(text)) : own.Normalize;

    private static bool IsSiglip(TokenizerSettings settings, SentencePieceFile file) =>
        settings.ClassName is "SiglipTokenizer" or "SiglipTokenizerFast" || (settings.ClassName.Length == 0 && settings.Use.IsSiglip && !file.MergesPairs);
}
