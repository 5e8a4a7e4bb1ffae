using System.Globalization;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>A data set of sessions: several turns each, over the images of another data set.</summary>
public sealed class SessionDataset
{
    /// <summary>Joins sessions and the images that they search.</summary>
    /// <param name="name">The name of the data set, such as <c>circled</c>.</param>
    /// <param name="subset">The part of it, such as <c>cirr_val</c>.</param>
    /// <param name="gallery">The images that are searched; empty where only precomputed features say.</param>
    /// <param name="sessions">The sessions.</param>
    /// <exception cref="InvalidDatasetException">There is no session, an id occurs twice, or a session names an image that is not in the gallery.</exception>
    public SessionDataset(string name, string subset, IReadOnlyList<GalleryImage> gallery, IReadOnlyList<EvaluationSession> sessions)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(subset);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(sessions);
        Name = name;
        Subset = subset;
        Gallery = gallery;
        Sessions = sessions;
        Turns = Flatten();
        Check();
    }

    private SessionDataset(EvaluationDataset dataset, IReadOnlyList<EvaluationSession> sessions, IReadOnlyList<int> positions)
        : this(dataset.Name, dataset.Category ?? "sessions", dataset.Gallery, sessions) => (Origin, Positions) = (dataset, positions);

    /// <summary>The name of the data set.</summary>
    public string Name { get; }

    /// <summary>The part of it.</summary>
    public string Subset { get; }

    /// <summary>The images that are searched.</summary>
    public IReadOnlyList<GalleryImage> Gallery { get; }

    /// <summary>The sessions.</summary>
    public IReadOnlyList<EvaluationSession> Sessions { get; }

    /// <summary>Every turn as a query of its own, those of the first session first: what encoders and feature folders take.</summary>
    public EvaluationDataset Turns { get; }

    /// <summary>The data set that sessions were taken of; <see langword="null"/> where they are one of their own.</summary>
    internal EvaluationDataset? Origin { get; private init; }

    /// <summary>For each of <see cref="Turns"/>, its position among the queries of <see cref="Origin"/>.</summary>
    internal IReadOnlyList<int>? Positions { get; private init; }

    /// <summary>Takes the sessions of a data set whose queries say of which they are a turn (<see cref="EvaluationQuery.Group"/>, <see cref="EvaluationQuery.Turn"/>).</summary>
    /// <param name="dataset">The data set; queries of no session are left out.</param>
    /// <returns>Its sessions, in the order of their first turns.</returns>
    /// <exception cref="InvalidDatasetException">
    /// There is no session, one has a turn without a number or twice, its turns have different right answers, or a turn has what sessions do not read.
    /// </exception>
    public static SessionDataset FromQueries(EvaluationDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        List<EvaluationSession> sessions = [];
        List<int> positions = [];
        foreach (IGrouping<string?, (int Index, EvaluationQuery Query)> group in dataset.Queries.Index()
            .Select(pair => (pair.Index, Query: pair.Item)).Where(pair => pair.Query.Group is not null).GroupBy(pair => pair.Query.Group))
        {
            (int Index, EvaluationQuery Query)[] turns = [.. group.OrderBy(turn => turn.Query.Turn)];
            Check(dataset, group.Key!, [.. turns.Select(turn => turn.Query)]);
            sessions.Add(new EvaluationSession(
                group.Key!,
                RightOf(turns[^1].Query),
                [.. turns.Select(turn => new EvaluationTurn(turn.Query.Reference, turn.Query.Captions[0]))]));
            positions.AddRange(turns.Select(turn => turn.Index));
        }

        return sessions.Count > 0 ? new SessionDataset(dataset, sessions, positions) : throw new InvalidDatasetException(
            $"No query of {dataset.Label} is a turn of a session; say 'session' and 'turn' of those that are.");
    }

    private static IReadOnlyList<string> RightOf(EvaluationQuery turn) => turn.GroundTruths.Count > 0 ? turn.GroundTruths : [turn.Target!];

    private static void Check(EvaluationDataset dataset, string session, EvaluationQuery[] turns)
    {
        string where = $"{dataset.Label}, session {session}";
        HashSet<int> numbers = [];
        foreach (EvaluationQuery turn in turns)
        {
            string? problem = turn.Turn is not { } number ? "has a line without a 'turn'"
                : !numbers.Add(number) ? $"has two lines of turn {number}"
                : turn.Target is null && turn.GroundTruths.Count == 0 ? $"turn {number} has no right answer"
                : turn.Captions.Count != 1 ? $"turn {number} has {turn.Captions.Count} texts, and sessions read one"
                : turn.MustHave.Count + turn.MustNot.Count > 0 ? $"turn {number} says what must or must not be there, which sessions do not read"
                : turn.Candidates.Count > 0 ? $"turn {number} names candidates, and sessions search the whole gallery"
                : !RightOf(turn).ToHashSet(StringComparer.Ordinal).SetEquals(RightOf(turns[^1]))
                    ? $"turn {number} has other right answers than its last turn, and a session looks for the same all the time"
                : null;
            if (problem is not null)
            {
                throw new InvalidDatasetException($"{where}: {problem}. Mend the line, or take it out of the session.");
            }
        }
    }

    private EvaluationDataset Flatten()
    {
        IEnumerable<EvaluationQuery> queries =
            from session in Sessions
            from turn in session.Turns.Index()
            select new EvaluationQuery(string.Create(CultureInfo.InvariantCulture, $"{session.Id}/{turn.Index + 1}"), turn.Item.Reference, [turn.Item.Caption])
            {
                Target = session.GroundTruths[0],
                GroundTruths = session.GroundTruths.Count > 1 ? session.GroundTruths : [],
            };
        return new EvaluationDataset(Name, "val", Gallery, [.. queries]) { Category = Subset };
    }

    private void Check()
    {
        if (Sessions.Count == 0)
        {
            throw new InvalidDatasetException($"{Name} {Subset} has no session; expected at least one. Download it again.");
        }

        HashSet<string> ids = new(StringComparer.Ordinal);
        HashSet<string> names = [.. Gallery.Select(image => image.Name)];
        foreach (EvaluationSession session in Sessions)
        {
            if (!ids.Add(session.Id))
            {
                throw new InvalidDatasetException($"{Name} {Subset} has two sessions of id {session.Id}. Download it again.");
            }

            if (names.Count > 0 && session.GroundTruths.Concat(session.Turns.Select(turn => turn.Reference)).FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            {
                throw new InvalidDatasetException(
                    $"{Name} {Subset}, session {session.Id}: the image '{unknown}' is not in the gallery of {names.Count} images. "
                    + "Sessions and images must be of one data set and split.");
            }
        }
    }
}
