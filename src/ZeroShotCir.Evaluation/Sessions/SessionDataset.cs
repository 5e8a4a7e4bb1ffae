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
