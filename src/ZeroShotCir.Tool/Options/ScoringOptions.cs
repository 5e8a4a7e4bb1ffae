using System.CommandLine;
using ZeroShotCir.Galleries;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say by which formula similarities become scores, in evaluation and in a search.</summary>
internal sealed class ScoringOptions
{
    private const string EmptyText = "empty-text", ImageOnly = "image-only";

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

    private readonly Option<string> _missingCaptions;

    /// <param name="command">The command.</param>
    /// <param name="missing">How an image without captions is scored where nothing is said.</param>
    public ScoringOptions(Command command, MissingCaptions missing)
    {
        _missingCaptions = new Option<string>("--missing-captions")
        {
            Description = "How an image without captions is scored: by the empty text, as published code does, or by itself alone.",
            HelpName = $"{EmptyText}|{ImageOnly}",
            DefaultValueFactory = _ => missing == MissingCaptions.ImageOnly ? ImageOnly : EmptyText,
        };
        _scoring.AcceptOnlyFromAmong(ScoringName.Paper, ScoringName.PublishedCode, ScoringName.Older);
        _missingCaptions.AcceptOnlyFromAmong(EmptyText, ImageOnly);
        command.Add(_scoring);
        command.Add(_normalizeInputs);
        command.Add(_missingCaptions);
    }

    public Scoring ScoringOf(ParseResult arguments) => ScoringName.Parse(arguments.GetValue(_scoring));

    public bool NormalizesInputs(ParseResult arguments) => arguments.GetValue(_normalizeInputs);

    public MissingCaptions MissingCaptionsOf(ParseResult arguments)
        => arguments.GetValue(_missingCaptions) == ImageOnly ? MissingCaptions.ImageOnly : MissingCaptions.EmptyText;
}
