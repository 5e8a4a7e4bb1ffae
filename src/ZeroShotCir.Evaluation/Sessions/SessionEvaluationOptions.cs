using ZeroShotCir.Composition;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>How sessions are evaluated.</summary>
public sealed class SessionEvaluationOptions
{
    /// <summary>How the terms of a turn become scores.</summary>
    /// <value>The default value is the weighted sum with α = 0.8.</value>
    public CompositionStrategy Strategy
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Strategy));
            field = value;
        }
    } = CompositionStrategy.Weighted;

    /// <summary>The weight of captions against images in the score, the paper's β.</summary>
    /// <value>In [0, 1]. The default value is 0, which needs no captions.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Beta
    {
        get;
        set => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Beta), value, "A weight must lie in [0, 1].");
    }

    /// <summary>What becomes of earlier turns.</summary>
    /// <value>The default value is <see cref="SessionHistory.LastTurn"/>.</value>
    public SessionHistory History
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(History));
            field = value;
        }
    } = SessionHistory.LastTurn;

    /// <summary>Whether the reference images of this and earlier turns are taken out of a turn's ranking: its user has seen them.</summary>
    /// <value>The default value is <see langword="false"/>, as in the published code.</value>
    public bool ExcludeReferences { get; set; }
}
