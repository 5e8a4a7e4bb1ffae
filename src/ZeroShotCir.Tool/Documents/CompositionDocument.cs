using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>What a chat model did that described targets.</summary>
internal sealed record CompositionDocument(string Composer, int Described, int Reused, TokenDocument Tokens)
{
    public static CompositionDocument From(ComposerEffort effort) => new(effort.Composer, effort.Asked, effort.Reused, TokenDocument.From(effort.Usage));
}
