using System.Numerics.Tensors;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// One query's scores of some items as a function of β: similarities to images, to captions, and their difference, so that a score is
/// one multiply-add, <c>images + β·(captions - images)</c>; at β = 1 it is the captions' similarity itself.
/// </summary>
/// <param name="images">The scores at β = 0.</param>
/// <param name="captions">The scores at β = 1.</param>
/// <param name="differences">What captions give more than images.</param>
internal readonly ref struct ScoreRows(ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> differences)
{
    // For fewer weights it is dearer to sift the items than to look at all of them.
    private const int LeastSiftedWeights = 4;
    private readonly ReadOnlySpan<float> _images = images;
    private readonly ReadOnlySpan<float> _captions = captions;
    private readonly ReadOnlySpan<float> _differences = differences;

    /// <summary>What no score exceeds, in absolute value; infinite where that is not known.</summary>
    public float Bound { get; init; } = float.PositiveInfinity;

    /// <summary>Room to sift the items: for two floats an item and <see cref="Sieve.Overhang"/>; without it they are not sifted.</summary>
    public Span<float> Room { get; init; }

    /// <summary>Every item's score.</summary>
    public void Scores(float beta, Span<float> scores)
    {
        (beta == 1 ? _captions : _images).CopyTo(scores);
        if (beta is not (0 or 1))
        {
            RowArithmetic.Add(_differences, beta, scores);
        }
    }

    /// <summary>The scores of one item.</summary>
    /// <param name="item">The item's place among these.</param>
    /// <param name="betas">The weights.</param>
    /// <param name="scores">Receives one score per weight, the same bits as in <see cref="Scores"/> and <see cref="CountAbove"/>.</param>
    /// <returns>The scores at β = 0 and at β = 1.</returns>
    public (float Images, float Captions) ScoresOf(int item, ReadOnlySpan<float> betas, Span<float> scores)
    {
        for (int i = 0; i < betas.Length; i++)
        {
            scores[i] = betas[i] switch
            {
                0 => _images[item],
                1 => _captions[item],
                _ => MathF.FusedMultiplyAdd(betas[i], _differences[item], _images[item]),
            };
        }

        return (_images[item], _captions[item]);
    }

    /// <summary>For each weight, adds how many items score above a score of the same weight (or at least that).</summary>
    /// <param name="betas">The weights, ascending.</param>
    /// <param name="thresholds">One score per weight.</param>
    /// <param name="ends">The scores at β = 0 and at β = 1 of the item that the thresholds are the scores of.</param>
    /// <param name="orEqual">Whether an item with the threshold's own score counts.</param>
    /// <param name="counts">One count per weight; added to.</param>
    public void CountAbove(ReadOnlySpan<float> betas, ReadOnlySpan<float> thresholds, (float Images, float Captions) ends, bool orEqual, Span<int> counts)
    {
        int first = 0;
        for (; first < betas.Length && betas[first] == 0; first++)
        {
            counts[first] += RowArithmetic.CountAbove(_images, ends.Images, orEqual);
        }

        int last = betas.Length;
        for (; last > first && betas[last - 1] == 1; last--)
        {
            counts[last - 1] += RowArithmetic.CountAbove(_captions, ends.Captions, orEqual);
        }

        ReadOnlySpan<float> images = _images, differences = _differences;
        counts = counts[first..last];
        int room = _images.Length + Sieve.Overhang;
        if (counts.Length >= LeastSiftedWeights && Room.Length >= 2 * room && float.IsFinite(Bound))
        {
            Span<float> keptImages = Room[..room], keptDifferences = Room.Slice(room, room);
            int kept = Sieve.Around(ends.Images, ends.Captions, Bound).Sift(_images, _captions, _differences, keptImages, keptDifferences, out int above);
            images = keptImages[..kept];
            differences = keptDifferences[..kept];
            TensorPrimitives.Add(counts, above, counts);
        }

        RowArithmetic.CountAbove(images, differences, betas[first..last], thresholds[first..last], orEqual, counts);
    }
}
