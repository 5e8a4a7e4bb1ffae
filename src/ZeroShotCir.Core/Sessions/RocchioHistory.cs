using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

internal sealed class RocchioHistory : SessionHistory
{
    public const double DefaultText = 0.44;
    public const double DefaultImage = 0.08;
    public const double DefaultShown = 0.29;
    private const int Shown = 10;
    private readonly double _text;
    private readonly double _image;
    private readonly double _shown;

    public RocchioHistory(double text, double image, double shown)
        : base(string.Create(CultureInfo.InvariantCulture, $"rocchio:text={text},image={image},shown={shown}"))
    {
        _text = Weight(text, nameof(text));
        _image = Weight(image, nameof(image));
        _shown = Weight(shown, nameof(shown));
    }

    internal override async ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken)
    {
        bool hasOthers = query.MustHave.Count + query.MustNot.Count + query.TargetDescriptions.Count > 0 || query.Expression is not null;
        if (hasOthers || query.Terms.Any(term => term.Role is not (TermRole.Image or TermRole.Text)))
        {
            throw new InvalidQueryException("The history 'rocchio' adds up texts and pictures; the query has other terms. Leave them out, or choose the history 'last-turn'.");
        }

        float[]? text = await space.TextAsync(query, cancellationToken).ConfigureAwait(false);
        float[]? image = text is null || earlier.Count > 0 ? await space.ImageAsync(query, cancellationToken).ConfigureAwait(false) : null;
        if (earlier.Count == 0)
        {
            float[] first = text ?? image ?? throw new InvalidQueryException("The first turn has neither text nor picture. Give one of them.");
            return (SessionSpace.Search(query, first), new TurnMemory { Searched = first });
        }

        SessionTurn before = earlier[^1];
        ReadOnlyMemory<float> memory = before.Memory.Searched;
        List<(double, ReadOnlyMemory<float>)> terms = [(1, memory)];
        if (text is not null)
        {
            terms.Add((_text, text));
        }

        string[] chosen = [.. before.Liked, .. query.ReferenceId is { } reference ? [reference] : Array.Empty<string>()];
        float[][] pictures = [.. image is null ? [] : new[] { image }, .. await space.RowsAsync(before.Liked, cancellationToken).ConfigureAwait(false)];
        terms.AddRange(pictures.Select(picture => (_image / pictures.Length, (ReadOnlyMemory<float>)picture)));
        if (_shown > 0)
        {
            IReadOnlyList<string> shown = await space.NearestAsync(SessionSpace.Search(before.Asked, memory), Shown, cancellationToken).ConfigureAwait(false);
            float[][] rows = await space.RowsAsync([.. shown.Except(chosen)], cancellationToken).ConfigureAwait(false);
            terms.AddRange(rows.Select(row => (-_shown / rows.Length, (ReadOnlyMemory<float>)row)));
        }

        float[] sum = SessionSpace.Sum(terms);
        return (SessionSpace.Search(query, sum), new TurnMemory { Searched = sum });
    }

    private static double Weight(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A weight must be finite and at least 0; what was shown is taken off by its weight.");
}
