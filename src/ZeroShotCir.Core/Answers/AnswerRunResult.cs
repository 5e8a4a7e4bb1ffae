using ZeroShotCir.Errors;

namespace ZeroShotCir.Answers;

/// <summary>What became of many questions.</summary>
public sealed class AnswerRunResult
{
    internal AnswerRunResult(int answered, int reused, IReadOnlyList<FailedAnswer> failed, int notTried, ZeroShotCirException? stoppedBy)
    {
        Answered = answered;
        Reused = reused;
        Failed = failed;
        NotTried = notTried;
        StoppedBy = stoppedBy;
    }

    /// <summary>How many were asked and answered.</summary>
    public int Answered { get; }

    /// <summary>How many had their answer in the store.</summary>
    public int Reused { get; }

    /// <summary>Those that failed, in the order given; running again tries them again, after all others.</summary>
    public IReadOnlyList<FailedAnswer> Failed { get; }

    /// <summary>How many were not tried: see <see cref="StoppedBy"/>.</summary>
    public int NotTried { get; }

    /// <summary>
    /// What ended the run before all were tried: the service refuses everything, or the last of too many failures in a row;
    /// <see langword="null"/> where nothing did.
    /// </summary>
    public ZeroShotCirException? StoppedBy { get; }
}
