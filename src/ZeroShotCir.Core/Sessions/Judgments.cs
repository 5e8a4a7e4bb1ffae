using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

/// <summary>What was said of images that were found, as terms of a query.</summary>
internal static class Judgments
{
    /// <summary>A query with judged images among its terms.</summary>
    /// <param name="query">The query.</param>
    /// <param name="liked">The ids of images that show more of what is wanted.</param>
    /// <param name="disliked">The ids of images that are not wanted.</param>
    /// <returns>The query itself where nothing was judged.</returns>
    public static ComposedQuery WithJudgments(this ComposedQuery query, IReadOnlyList<string> liked, IReadOnlyList<string> disliked)
        => liked.Count + disliked.Count == 0 ? query : query with
        {
            Terms =
            [
                .. query.Terms,
                .. liked.Select(id => QueryTerm.FromItem(id, role: TermRole.Liked)),
                .. disliked.Select(id => QueryTerm.FromItem(id, role: TermRole.Disliked)),
            ],
        };
}
