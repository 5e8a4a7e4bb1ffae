using System.Globalization;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

/// <summary>What a turn of a <see cref="SearchSession"/> makes of the turns before it.</summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public abstract class SessionHistory
{
    private const double DefaultKeep = 0.4;

    private protected SessionHistory(string name) => Name = name;

    /// <summary>Nothing: the last turn's picture and text are the query.</summary>
    public static SessionHistory LastTurn { get; } = new LastTurnHistory();

    /// <summary>The last turn's picture, and the mean of all turns' texts.</summary>
    public static SessionHistory MeanOfTexts { get; } = new MeanOfTextsHistory();

    /// <summary>The last turn's picture, and all turns' texts as one sentence, joined by "and".</summary>
    public static SessionHistory JoinedTexts { get; } = new JoinedTextsHistory();

    /// <summary>The mean of all turns' queries.</summary>
    public static SessionHistory MeanOfQueries { get; } = new MeanOfQueriesHistory();

    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["last-turn", "mean-of-texts", "joined-texts", "mean-of-queries", "fading", "rocchio"];

    /// <summary>Its name, with parameters where it has any.</summary>
    public string Name { get; }

    /// <summary>The query of each turn is added to what remains of those before: <c>q = unit(keep·q + q_turn)</c>.</summary>
    /// <param name="keep">How much of the memory a turn keeps, in [0, 1].</param>
    /// <returns>The history.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is not in [0, 1].</exception>
    public static SessionHistory Fading(double keep = DefaultKeep) => new FadingHistory(keep);

    /// <summary>
    /// Rocchio's feedback as a published multi-turn system has it: the first turn's text is the query; each later one adds its text and
    /// picture and takes off the mean of the first ten images that the query before would have shown, without the picture that was chosen
    /// and those that were liked.
    /// </summary>
    /// <param name="text">The weight of a turn's text.</param>
    /// <param name="image">The weight of a turn's picture.</param>
    /// <param name="shown">The weight of what was shown and not chosen.</param>
    /// <returns>The history. A turn costs one more scan of the gallery.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public static SessionHistory Rocchio(double text = RocchioHistory.DefaultText, double image = RocchioHistory.DefaultImage, double shown = RocchioHistory.DefaultShown)
        => new RocchioHistory(text, image, shown);

    /// <summary>Reads a name of <see cref="Names"/>, with parameters such as <c>fading:keep=0.6</c> or <c>rocchio:text=0.44,image=0.08,shown=0.29</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The history.</returns>
    /// <exception cref="FormatException">It is none of them; the message lists them.</exception>
    public static SessionHistory Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string name, string rest) = text.Split(':', 2) is [var before, var after] ? (before, after) : (text, string.Empty);
        Dictionary<string, double> given = Parameters(rest, text);
        try
        {
            SessionHistory history = name switch
            {
                "last-turn" => LastTurn,
                "mean-of-texts" => MeanOfTexts,
                "joined-texts" => JoinedTexts,
                "mean-of-queries" => MeanOfQueries,
                "fading" => Fading(Take("keep", DefaultKeep)),
                "rocchio" => Rocchio(Take("text", RocchioHistory.DefaultText), Take("image", RocchioHistory.DefaultImage), Take("shown", RocchioHistory.DefaultShown)),
                _ => throw new FormatException($"The history '{name}' is not known; known are {string.Join(", ", Names)}."),
            };
            return given.Count == 0 ? history : throw new FormatException($"The history '{name}' has no parameter '{given.Keys.First()}'.");
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"The history '{text}' cannot be read: {e.Message}", e);
        }

        double Take(string parameter, double otherwise) => given.Remove(parameter, out double value) ? value : otherwise;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    internal abstract ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken);

    /// <summary>The query with what was liked and disliked of the turn before.</summary>
    private protected static ComposedQuery WithJudgments(IReadOnlyList<SessionTurn> earlier, ComposedQuery query)
        => earlier.Count == 0 ? query : query.WithJudgments(earlier[^1].Liked, earlier[^1].Disliked);

    private static Dictionary<string, double> Parameters(string list, string text)
    {
        Dictionary<string, double> given = [];
        foreach (string[] pair in list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)))
        {
            if (pair.Length < 2 || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !given.TryAdd(pair[0], value))
            {
                throw new FormatException($"The history '{text}' cannot be read; expected NAME or NAME:parameter=number,… with each parameter once.");
            }
        }

        return given;
    }
}
