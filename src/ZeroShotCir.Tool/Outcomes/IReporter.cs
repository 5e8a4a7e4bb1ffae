namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What a run tells people while it goes on.</summary>
internal interface IReporter
{
    /// <summary>One line on something that was left out; the run goes on.</summary>
    void Warn(string message);

    /// <summary>One line on something that was done without being asked for.</summary>
    void Note(string message);

    /// <summary>Runs work that reports how many of <paramref name="total"/> are done.</summary>
    Task<T> TrackAsync<T>(string what, int total, Func<IProgress<int>, Task<T>> work);
}
