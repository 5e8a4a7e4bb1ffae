namespace ZeroShotCir.Onnx.Captioning;

/// <summary>How a captioner searches: what the caller asked for, and what its folder says where the caller said nothing.</summary>
internal sealed record CaptionPlan
{
    private CaptionPlan(CaptionDecoding decoding) => Decoding = decoding;

    public CaptionDecoding Decoding { get; }

    public int Beams { get; private init; }

    public BeamStop Stop { get; private init; }

    public double LengthPenalty { get; private init; }

    public double Temperature { get; private init; }

    public double TopP { get; private init; }

    public required TokenRules Rules { get; init; }

    public required IReadOnlyList<int> EndIds { get; init; }

    /// <summary>The tokens that every caption starts with: the start token, and a prompt's where captions begin with it.</summary>
    public required int[] Start { get; init; }

    /// <summary>How many of the first tokens are no part of the caption.</summary>
    public required int Hidden { get; init; }

    /// <summary>The longest sequence, start included, where the call names no limit.</summary>
    public int MaxLength => Math.Min(NewTokens is { } fresh ? Start.Length + fresh : Length!.Value, Positions);

    /// <summary>The longest sequence that the decoder can take.</summary>
    public int Positions { get; private init; }

    /// <summary>The longest caption in new tokens, unless <see cref="Length"/> counts the start too.</summary>
    private int? NewTokens { get; init; }

    private int? Length { get; init; }

    public static CaptionPlan Create(OnnxCaptionerOptions options, CaptionerConfig config, int[] start, int hidden)
    {
        GenerationConfig given = config.Generation;
        int beams = options.Beams ?? (given.Beams > 1 || options.Decoding != CaptionDecoding.Beam ? given.Beams : OnnxCaptionerOptions.UsualBeams);
        return new CaptionPlan(options.Decoding ?? (beams > 1 ? CaptionDecoding.Beam : CaptionDecoding.Greedy))
        {
            Beams = beams,
            Stop = options.EarlyStopping switch
            {
                null => given.Stop,
                true => BeamStop.WhenEnough,
                false => BeamStop.NoneBetterAtThisLength,
            },
            LengthPenalty = options.LengthPenalty ?? given.LengthPenalty,
            Temperature = options.Temperature,
            TopP = options.TopP,
            Rules = new TokenRules(given.ForcedFirst, given.ForcedLast, options.NoRepeatNgramSize ?? given.NoRepeatNgramSize),
            EndIds = config.EndIds,
            Start = start,
            Hidden = hidden,
            NewTokens = given.MaxNewTokens ?? (given.MaxLength is null ? GenerationConfig.DefaultNewTokens : null),
            Length = given.MaxLength,
            Positions = config.Positions,
        };
    }

    /// <summary>The longest sequence, start included.</summary>
    /// <param name="newTokens">The most tokens after the start, where the call names a limit.</param>
    public int Limit(int? newTokens) => newTokens is { } tokens ? (int)Math.Min((long)Start.Length + tokens, Positions) : MaxLength;

    /// <summary>A sequence's sum of log probabilities made comparable with those of other lengths.</summary>
    public double Score(double sum, int length) => sum / Math.Pow(Math.Max(length - Start.Length, 1), LengthPenalty);
}
