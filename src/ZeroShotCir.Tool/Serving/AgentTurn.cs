using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tool.Serving;

/// <summary>What an agent asks, and what it says of images that were found before.</summary>
/// <param name="Query">The query by itself.</param>
/// <param name="Liked">The ids of images that show more of what is wanted.</param>
/// <param name="Disliked">The ids of images that are not wanted.</param>
internal sealed record AgentTurn(ComposedQuery Query, IReadOnlyList<string> Liked, IReadOnlyList<string> Disliked)
{
    /// <summary>The query with the judged images as terms.</summary>
    public ComposedQuery WithJudgments() => Query.WithJudgments(Liked, Disliked);
}
