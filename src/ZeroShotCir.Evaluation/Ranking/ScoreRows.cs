using System.Runtime.CompilerServices;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// One query's scores of some items as a function of β: similarities to images and to captions, of which a score is one multiply-add,
/// <c>images + β·(captions - images)</c>; at β = 1 it is the captions' similarity itself.
/// </summary>
/// <param name="images">The scores at β = 0.</param>
/// <param name="captions">The scores at β = 1.</param>
internal readonly ref struct ScoreRows(ReadOnlySpan<float> images, ReadOnlySpan<float> captions)
{
    private readonly ReadOnlySpan<float> _images = images;
    private readonly ReadOnlySpan<float> _captions = captions;

    /// <summary>What counts at many weights at once; without it the scores are computed weight by weight.</summary>
    public Crossings? Crossings { get; init; }

    /// <summary>Every item's score.</summary>
    public void Scores(float beta, Span<float> scores)
    {
        if (beta is 0 or 1)
        {
            (beta == 1 ? _captions : _images).CopyTo(scores);
            return;
        }

        RowArithmetic.Interpolate(_images, _captions, beta, scores);
    }

    /// <summary>The scores of one item.</summary>
    /// <param name="item">The item's place among these.</param>
    /// <param name="betas">The weights.</param>
    /// <param name="scores">Receives one score per weight, the same bits as in <see cref="Scores"/> and <see cref="CountAbove"/>.</param>
    /// <returns>The scores at β = 0 and at β = 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (float Images, float Captions) ScoresOf(int item, ReadOnlySpan<float> betas, Span<float> scores)
    {
        for (int i = 0; i < betas.Length; i++)
        {
            scores[i] = betas[i] switch
            {
                0 => _images[item],
                1 => _captions[item],
                _ => MathF.FusedMultiplyAdd(betas[i], _captions[item] - _images[item], _images[item]),
            };
        }

        return (_images[item], _captions[item]);
    }

    /// <summary>For each weight, adds how many items score above a score of the same weight.</summary>
    /// <param name="group">The settings, for their weights and the grid that these are on.</param>
    /// <param name="thresholds">One score per weight.</param>
    /// <param name="ends">The scores at β = 0 and at β = 1 of the item that the thresholds are the scores of.</param>
    /// <param name="before">How many of the items, the first ones, count with an equal score, too; all where that is more, none where it is negative.</param>
    /// <param name="counts">One count per weight; added to.</param>
    public void CountAbove(SettingGroup group, ReadOnlySpan<float> thresholds, (float Images, float Captions) ends, int before, Span<int> counts)
    {
        if (group.Grid is { } grid && Crossings is { } crossings)
        {
            Span<float> scores = counts.Length <= 256 ? stackalloc float[counts.Length] : new float[counts.Length];
            foreach (int item in crossings.Count(_images, _captions, ends, grid, counts))
            {
                ScoresOf(item, group.Betas, scores);
                AddAbove(scores, thresholds, item < before, counts);
            }

            return;
        }

        before = Math.Clamp(before, 0, _images.Length);
        CountEach(_images[..before], _captions[..before], group.Betas, thresholds, orEqual: true, counts);
        CountEach(_images[before..], _captions[before..], group.Betas, thresholds, orEqual: false, counts);
    }

    /// <summary>Adds to each weight's count whether an item is above the threshold.</summary>
    /// <param name="scores">The item's scores.</param>
    /// <param name="thresholds">The thresholds.</param>
    /// <param name="orEqual">Whether an equal score counts.</param>
    /// <param name="counts">The counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddAbove(ReadOnlySpan<float> scores, ReadOnlySpan<float> thresholds, bool orEqual, Span<int> counts)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += scores[i] > thresholds[i] || (orEqual && scores[i] == thresholds[i]) ? 1 : 0;
        }
    }

    private static void CountEach(
        ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> betas, ReadOnlySpan<float> thresholds, bool orEqual, Span<int> counts)
    {
        int first = 0;
        for (; first < betas.Length && betas[first] == 0; first++)
        {
            counts[first] += RowArithmetic.CountAbove(images, thresholds[first], orEqual);
        }

        int last = betas.Length;
        for (; last > first && betas[last - 1] == 1; last--)
        {
            counts[last - 1] += RowArithmetic.CountAbove(captions, thresholds[last - 1], orEqual);
        }

        RowArithmetic.CountAbove(images, captions, betas[first..last], thresholds[first..last], orEqual, counts[first..last]);
    }
}
