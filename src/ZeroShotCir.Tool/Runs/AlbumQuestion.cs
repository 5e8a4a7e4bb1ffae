namespace ZeroShotCir.Tool.Runs;

/// <summary>A query of the album as people read it.</summary>
/// <param name="Text">What is asked for; empty where pictures alone ask.</param>
/// <param name="Details">What else is said of it.</param>
/// <param name="References">The names of the pictures that it starts from.</param>
/// <param name="Right">The names of the right answers.</param>
/// <param name="Negatives">The names of pictures that look right and are not.</param>
internal sealed record AlbumQuestion(
    string Text, IReadOnlyList<string> Details, IReadOnlyList<string> References, IReadOnlySet<string> Right, IReadOnlySet<string> Negatives);
