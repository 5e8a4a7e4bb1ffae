using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What a chat model did that described targets.</summary>
/// <param name="Composer">Who wrote.</param>
/// <param name="Asked">How many queries it was asked about.</param>
/// <param name="Reused">How many answers were known.</param>
/// <param name="Usage">What that took.</param>
internal sealed record ComposerEffort(string Composer, int Asked, int Reused, ChatUsage Usage);
