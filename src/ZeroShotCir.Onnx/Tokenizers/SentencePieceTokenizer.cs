namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>Builds the tokenizer of a SentencePiece <c>.model</c> file: SigLIP's <c>spiece.model</c>, SigLIP 2's <c>tokenizer.model</c>.</summary>
internal static class SentencePieceTokenizer
{
    private const int DefaultMaxLength = 64;

    public static PipelineTokenizer Read(byte[] bytes, TokenizerSettings settings)
    {
        SentencePieceFile file = SentencePieceFile.Read(bytes);
        Vocabulary vocabulary = new();
        for (int id = 0; id < file.Pieces.Count; id++)
        {
            vocabulary.Add(file.Pieces[id].Text, id);
        }

        ByteFallback? fallback = file.FallsBackToBytes ? ByteFallback.Find(vocabulary) : null;
        int end = settings.End is { } name && vocabulary.TryGetId(name, out int named) ? named : file.EndId;
        return new PipelineTokenizer([.. AddedTokensOf(file)])
        {
            Kind = file.MergesPairs ? "BPE" : "Unigram",
            Normalize = NormalizerOf(file.Text, settings),
            Vocabulary = vocabulary,
            Encoder = file.MergesPairs
                ? new CodePointEncoder(vocabulary, MergesOf(file, vocabulary), file.UnknownId, fuseUnknown: true, fallback)
                : new UnigramEncoder(PiecesOf(file), file.UnknownId, fallback),
            Join = TokenText.JoinPieces,
            Split = WordSplitters.Whole,
            Template = new SequenceTemplate(
                settings.AddsStart == true && file.StartId >= 0 ? [file.StartId] : [], settings.AddsEnd != false && end >= 0 ? [end] : []),
            MaxLength = settings.MaxLength ?? DefaultMaxLength,
            PadId = vocabulary.TryGetId(settings.Pad, out int pad) ? pad : IsSiglip(settings) || file.PadId < 0 ? Math.Max(end, 0) : file.PadId,
        };
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
        [.. file.Pieces.Select((piece, id) => (piece, id)).Where(item => item.piece.Kind == SentencePieceKind.Normal).Select(item => new UnigramPiece(item.piece.Text, item.id, item.piece.Score))];

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

    private static Func<string, string> NormalizerOf(SentencePieceText own, TokenizerSettings settings)
    {
        if (IsSiglip(settings))
        {
            return text => own.Normalize(SentencePieceText.WithoutPunctuation(settings.LowerCase == false ? text : LowerCase.Of(text)));
        }

        return settings.ClassName.StartsWith("Siglip2", StringComparison.Ordinal) ? text => own.Normalize(LowerCase.Of(text)) : own.Normalize;
    }

    private static bool IsSiglip(TokenizerSettings settings) => settings.ClassName is "SiglipTokenizer" or "SiglipTokenizerFast";
}
