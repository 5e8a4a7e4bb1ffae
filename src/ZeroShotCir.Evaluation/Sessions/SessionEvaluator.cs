using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Metrics;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>Replays the sessions of a data set with the sessions that users get (<see cref="SearchSession"/>), and measures every turn.</summary>
/// <remarks>Serves concurrent callers.</remarks>
public sealed class SessionEvaluator
{
    // Most answers are near the top; a whole ranking is only listed where one is not.
    private const int LikelyDepth = 100;
    private readonly SessionDataset _dataset;
    private readonly EvaluationFeatures _features;
    private readonly ITextEncoder? _textEncoder;
    private readonly Gallery _gallery;

    /// <summary>Joins sessions and features.</summary>
    /// <param name="dataset">The sessions.</param>
    /// <param name="features">The features of its gallery, and one text for each turn as <see cref="SessionDataset.Turns"/> lists them.</param>
    /// <param name="textEncoder">The encoder of the texts, for histories that put texts together; <see langword="null"/> where none does.</param>
    /// <exception cref="InvalidDatasetException">There is not one text for each turn, or an image was not encoded.</exception>
    public SessionEvaluator(SessionDataset dataset, EvaluationFeatures features, ITextEncoder? textEncoder = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(features);
        int turns = dataset.Turns.Queries.Count;
        if (features.Texts.Rows != turns)
        {
            throw new InvalidDatasetException(
                $"The features '{features.Source}' hold {features.Texts.Rows} texts, {dataset.Name} {dataset.Subset} has {turns} turns. "
                + "Encode the data set again.");
        }

        HashSet<string> names = [.. features.GalleryNames];
        IEnumerable<string> asked = dataset.Sessions.SelectMany(session => session.GroundTruths.Concat(session.Turns.Select(turn => turn.Reference)));
        if (asked.FirstOrDefault(name => !names.Contains(name)) is { } missing)
        {
            throw new InvalidDatasetException(
                $"{dataset.Name} {dataset.Subset} lacks the image '{missing}', which was not encoded. "
                + "Complete the images; figures on a part of them do not compare.");
        }

        _dataset = dataset;
        _features = features;
        _textEncoder = textEncoder;
        _gallery = Gallery.FromEmbeddings(features.GalleryNames, features.Images, Captions(features));
    }

    /// <summary>Replays every session.</summary>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told how many sessions are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidQueryException">The history cannot go on from such turns, such as texts that are to be joined and no text encoder.</exception>
    /// <exception cref="ArgumentException">Captions count and the features hold none.</exception>
    public async Task<SessionResult> EvaluateAsync(SessionEvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new SessionEvaluationOptions();
        if (options.Beta > 0 && _features.Captions.Count == 0)
        {
            throw new ArgumentException(
                $"A caption weight of {options.Beta} needs captions, but the features '{_features.Source}' hold none. "
                + "Give captions or set beta to 0.", nameof(options));
        }

        ComposedImageRetriever retriever = new(_gallery, null, _textEncoder, new RetrievalOptions { Strategy = options.Strategy, Beta = options.Beta });
        SessionOptions settings = new() { History = options.History, ExcludeReferences = options.ExcludeReferences };
        int[][] ranks = new int[_dataset.Sessions.Count][];
        int firstText = 0;
        for (int session = 0; session < ranks.Length; session++)
        {
            ranks[session] = await ReplayAsync(_dataset.Sessions[session], firstText, retriever, new SearchSession(retriever, settings), cancellationToken).ConfigureAwait(false);
            firstText += ranks[session].Length;
            progress?.Report(session + 1);
        }

        return new SessionResult(ranks);
    }

    private static CaptionEmbeddings? Captions(EvaluationFeatures features)
    {
        if (features.Captions.Count == 0)
        {
            return null;
        }

        HashSet<int> without = [.. features.WithoutCaptions];
        int[] counts = [.. Enumerable.Range(0, features.GalleryNames.Count).Select(row => without.Contains(row) ? 0 : features.CaptionCounts?[row] ?? features.Captions.Count)];
        float[][] rows = [.. counts.SelectMany((count, row) => Enumerable.Range(0, count).Select(j => features.Captions[j][row].ToArray()))];
        return rows.Length == 0 ? null : CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows(rows), counts);
    }

    private async Task<int[]> ReplayAsync(EvaluationSession session, int firstText, ComposedImageRetriever retriever, SearchSession replayed, CancellationToken cancellationToken)
    {
        HashSet<string> answers = [.. session.GroundTruths];
        int[] ranks = new int[session.Turns.Count];
        for (int turn = 0; turn < ranks.Length; turn++)
        {
            EvaluationTurn asked = session.Turns[turn];
            ComposedQuery query = _textEncoder is null
                ? new ComposedQuery { ReferenceId = asked.Reference, Terms = [QueryTerm.FromEmbedding(TermRole.Text, _features.Texts[firstText + turn].ToArray())] }
                : new ComposedQuery { ReferenceId = asked.Reference, Text = asked.Caption };
            SessionTurn taken = await replayed.AskAsync(query, LikelyDepth, cancellationToken).ConfigureAwait(false);
            ranks[turn] = RankOf(answers, taken.Results)
                ?? RankOf(answers, await retriever.SearchAsync(taken.Searched, _gallery.Count, cancellationToken).ConfigureAwait(false))
                ?? QueryRanks.NotFound;
        }

        return ranks;
    }

    private static int? RankOf(HashSet<string> answers, RetrievalRanking ranking) => ranking.FirstOrDefault(result => answers.Contains(result.Id))?.Rank;
}
