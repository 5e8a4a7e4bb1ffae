using System.CommandLine;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Evaluator.CommandLine;

/// <summary>The options that say how similarities become a ranking; the weights are the commands' own.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string> _scoring = new("--scoring")
    {
        Description = "The paper's formula, or what its published code computes (the caption path's query from the reference's own captions).",
        HelpName = "paper|reference",
        DefaultValueFactory = _ => "paper",
    };

    private readonly Option<bool> _normalizeInputs = new("--normalize-inputs")
    {
        Description = "Whether both embeddings are scaled to unit length before fusing; the published code does not.",
        HelpName = "true|false",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<string> _fusion = new("--fusion")
    {
        Description = $"How image and text are fused: {string.Join(", ", FusionStrategy.Names)}; parameters behind a colon, as in pdv:image=1.2,text=1.4.",
        HelpName = "NAME",
        DefaultValueFactory = _ => FusionStrategy.Weighted.ToString(),
    };

    private readonly Option<string> _missingCaptions = new("--missing-captions")
    {
        Description = "How an image without captions is scored: by the empty text, as published code does, or by itself alone.",
        HelpName = "empty-text|image-only",
        DefaultValueFactory = _ => "empty-text",
    };

    public SettingOptions(ToolCommand command, bool hasFusion = true)
    {
        _scoring.AcceptOnlyFromAmong("paper", "reference");
        _missingCaptions.AcceptOnlyFromAmong("empty-text", "image-only");
        _fusion.Validators.Add(result =>
        {
            try
            {
                FusionStrategy.Parse(result.GetValueOrDefault<string>()!);
            }
            catch (ArgumentException e)
            {
                result.AddError(Messages.Of(e));
            }
        });
        command.Add(_scoring);
        command.Add(_normalizeInputs);
        command.Add(_missingCaptions);
        if (hasFusion)
        {
            command.Add(_fusion);
        }
    }

    public FusionStrategy Fusion(ParseResult arguments) => FusionStrategy.Parse(arguments.GetValue(_fusion) ?? FusionStrategy.Weighted.ToString());

    public EvaluationSetting Read(ParseResult arguments, double alpha, double beta) => new()
    {
        Alpha = alpha,
        Beta = beta,
        Scoring = arguments.GetValue(_scoring) == "reference" ? Scoring.Reference : Scoring.Paper,
        NormalizeInputs = arguments.GetValue(_normalizeInputs),
        Fusion = Fusion(arguments),
        MissingCaptions = arguments.GetValue(_missingCaptions) == "image-only" ? MissingCaptions.ImageOnly : MissingCaptions.EmptyText,
    };
}
