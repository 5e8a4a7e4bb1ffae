using ZeroShotCir.Galleries;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What options and results call a scoring; its older name is still read.</summary>
internal static class ScoringName
{
    public const string Paper = "paper";
    public const string PublishedCode = "published-code";
    public const string Older = "reference";

    public static string For(Scoring scoring) => scoring == Scoring.PublishedCode ? PublishedCode : Paper;

    public static Scoring Parse(string? name) => name is PublishedCode or Older ? Scoring.PublishedCode : Scoring.Paper;
}
