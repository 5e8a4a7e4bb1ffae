namespace ZeroShotCir.Answers;

/// <summary>Asks many questions, several at a time; running it again goes on where it stopped, however it stopped.</summary>
/// <typeparam name="TQuestion">What is asked about.</typeparam>
/// <remarks>
/// Every answer is on the disk before its place is given to the next question, so a kill loses at most
/// <see cref="AnswerRunnerOptions.MaxConcurrency"/> answers. A finished run leaves the store in the order of the questions, whatever the order
/// of the answers was. Not for concurrent use.
/// </remarks>
public sealed class AnswerRunner<TQuestion>
{
    private readonly StoredAnswers<TQuestion> _answers;
    private readonly AnswerRunnerOptions _options;

    /// <summary>Creates a runner.</summary>
    /// <param name="answers">Who is asked, and the store.</param>
    /// <param name="options">How to run; <see langword="null"/> for the defaults.</param>
    public AnswerRunner(StoredAnswers<TQuestion> answers, AnswerRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(answers);
        _answers = answers;
        _options = options is null ? new AnswerRunnerOptions() : new AnswerRunnerOptions(options);
    }

    /// <summary>Asks.</summary>
    /// <param name="ids">The ids under which the answers are stored, unique.</param>
    /// <param name="question">Gives a question by its position when its turn comes, so that a file is read no earlier; called by several threads.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops asking; what was answered is stored.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="IOException">
    /// An answer could not be stored, also not after what was under way had ended: the disk is full. Nothing more was asked then.
    /// </exception>
    public async Task<AnswerRunResult> RunAsync(
        IReadOnlyList<string> ids, Func<int, TQuestion> question, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(question);
        (int asked, int reused) = (_answers.Asked, _answers.Reused);
        AnswerBatch batch = new(_answers.Store, _options);
        AnswerBatch.Outcome outcome = await batch.RunAsync(
            ids,
            _answers.Answerer,
            async (index, token) => await _answers.AskAsync(ids[index], question(index), token).ConfigureAwait(false),
            progress,
            cancellationToken).ConfigureAwait(false);
        _answers.Store.Arrange(ids, _answers.Answerer);
        return new AnswerRunResult(_answers.Asked - asked, _answers.Reused - reused, outcome.Failed, outcome.NotTried, outcome.StoppedBy);
    }
}
