using System.CommandLine;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say how similarities become a ranking; the weights are the commands' own.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string> _scoring = new("--scoring")
    {
        Description = "The paper's formula, or what its published code computes (the caption path's query from the reference's own captions).",
        HelpName = $"{ScoringName.Paper}|{ScoringName.PublishedCode}",
        DefaultValueFactory = _ => ScoringName.Paper,
    };

    private readonly Option<bool> _normalizeInputs = new("--normalize-inputs")
    {
        Description = "Whether both embeddings are scaled to unit length before fusing; the published code does not.",
        HelpName = "true|false",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<string?> _fusion = FusionOption.One("How the evidence of a query is composed");

    private readonly Option<string> _missingCaptions = new("--missing-captions")
    {
        Description = "How an image without captions is scored: by the empty text, as published code does, or by itself alone.",
        HelpName = "empty-text|image-only",
        DefaultValueFactory = _ => "empty-text",
    };

    private readonly Option<string> _missingEvidence = new("--missing-evidence")
    {
        Description = "What becomes of a query that lacks what its fusion reads: an error, or captions and text in the place of a description.",
        HelpName = "refuse|stand-in",
        DefaultValueFactory = _ => "refuse",
    };

    public SettingOptions(Command command, bool hasFusion = true)
    {
        _scoring.AcceptOnlyFromAmong(ScoringName.Paper, ScoringName.PublishedCode, ScoringName.Older);
        _missingCaptions.AcceptOnlyFromAmong("empty-text", "image-only");
        command.Add(_scoring);
        command.Add(_normalizeInputs);
        command.Add(_missingCaptions);
        _missingEvidence.AcceptOnlyFromAmong("refuse", "stand-in");
        command.Add(_missingEvidence);
        if (hasFusion)
        {
            command.Add(_fusion);
        }
    }

    public CompositionStrategy Fusion(ParseResult arguments) => FusionOption.Parse(arguments.GetValue(_fusion));

    public EvaluationSetting Read(ParseResult arguments, double alpha, double beta) => new()
    {
        Alpha = alpha,
        Beta = beta,
        Scoring = ScoringName.Parse(arguments.GetValue(_scoring)),
        NormalizeInputs = arguments.GetValue(_normalizeInputs),
        Fusion = Fusion(arguments),
        MissingCaptions = arguments.GetValue(_missingCaptions) == "image-only" ? MissingCaptions.ImageOnly : MissingCaptions.EmptyText,
        MissingEvidence = arguments.GetValue(_missingEvidence) == "stand-in" ? MissingEvidence.StandIn : MissingEvidence.Refuse,
    };
}
