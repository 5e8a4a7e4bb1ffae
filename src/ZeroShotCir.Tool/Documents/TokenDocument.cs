using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tool.Documents;

/// <summary>What was spent on a chat model; zeros for models that run here.</summary>
internal sealed record TokenDocument(long Input, long Output, long Requests, long Answers, long Unusable, decimal? Cost)
{
    public static TokenDocument From(ChatUsage usage)
        => new(usage.InputTokens, usage.OutputTokens, usage.Requests, usage.Answers, usage.Unusable, usage.Cost);
}
