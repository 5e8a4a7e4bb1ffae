using System.CommandLine;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say how similarities become a ranking; the weights are the commands' own.</summary>
internal sealed class SettingOptions
{
    private readonly ScoringOptions _scoring;
    private readonly Option<string?> _fusion = FusionOption.One("How the evidence of a query is composed");

    private readonly Option<string> _missingEvidence = new("--missing-evidence")
    {
        Description = "What becomes of a query that lacks what its fusion reads: an error, or captions and text in the place of a description.",
        HelpName = "refuse|stand-in",
        DefaultValueFactory = _ => "refuse",
    };

    public SettingOptions(Command command, bool hasFusion = true)
    {
        _scoring = new ScoringOptions(command, MissingCaptions.EmptyText);
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
        Scoring = _scoring.ScoringOf(arguments),
        NormalizeInputs = _scoring.NormalizesInputs(arguments),
        Fusion = Fusion(arguments),
        MissingCaptions = _scoring.MissingCaptionsOf(arguments),
        MissingEvidence = arguments.GetValue(_missingEvidence) == "stand-in" ? MissingEvidence.StandIn : MissingEvidence.Refuse,
    };
}
