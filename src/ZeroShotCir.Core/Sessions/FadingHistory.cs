using System.Globalization;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

internal sealed class FadingHistory : SessionHistory
{
    private readonly double _keep;

    public FadingHistory(double keep)
        : base(string.Create(CultureInfo.InvariantCulture, $"fading:keep={keep}"))
    {
        if (!(keep is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "What a turn keeps of the memory must lie in [0, 1].");
        }

        _keep = keep;
    }

    internal override async ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken)
    {
        float[] own = await space.VectorAsync(WithJudgments(earlier, query), cancellationToken).ConfigureAwait(false);
        float[] faded = earlier.Count == 0 ? own : SessionSpace.Sum([(_keep, earlier[^1].Memory.Searched), (1, own)]);
        return (SessionSpace.Search(query, faded), new TurnMemory { Own = own, Searched = faded });
    }
}
