namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// One query's scores against the whole gallery as a function of β: similarities to images, to captions, and their difference, so that
/// a score is one multiply-add, <c>images + β·(captions - images)</c>; at β = 1 it is the captions' similarity itself.
/// </summary>
internal readonly ref struct ScoreRows(ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> differences)
{
    private const int StackWeights = 64;
    private readonly ReadOnlySpan<float> _images = images;
    private readonly ReadOnlySpan<float> _captions = captions;
    private readonly ReadOnlySpan<float> _differences = differences;

    public int Length => _images.Length;

    /// <summary>The score of one item; the same bits as in <see cref="Rank"/> and <see cref="Scores"/>.</summary>
    public float Score(int ordinal, float beta) => beta switch
    {
        0 => _images[ordinal],
        1 => _captions[ordinal],
        _ => MathF.FusedMultiplyAdd(beta, _differences[ordinal], _images[ordinal]),
    };

    /// <summary>Every item's score.</summary>
    public void Scores(float beta, Span<float> scores)
    {
        (beta == 1 ? _captions : _images).CopyTo(scores);
        if (beta is not (0 or 1))
        {
            RowArithmetic.Add(_differences, beta, scores);
        }
    }

    /// <summary>Whether one item comes before another.</summary>
    public bool Beats(int ordinal, int other, float beta)
    {
        float score = Score(ordinal, beta);
        float otherScore = Score(other, beta);
        return score > otherScore || (score == otherScore && ordinal < other);
    }

    /// <summary>The rank of an item from 1 for each β: one more than the number of items that beat it.</summary>
    /// <param name="ordinal">The item.</param>
    /// <param name="betas">The weights, ascending.</param>
    /// <param name="excluded">An item that does not take part, or -1.</param>
    /// <param name="ranks">Receives one rank per weight.</param>
    public void Rank(int ordinal, ReadOnlySpan<float> betas, int excluded, Span<int> ranks)
    {
        ranks[..betas.Length].Fill(1);

        // A weight of 1 is not a sum but the captions' similarity itself, and comes last.
        int mixed = betas.Length > 0 && betas[^1] == 1 ? betas.IndexOf(1f) : betas.Length;
        Count(ordinal, _images, betas[..mixed], betas[..mixed], ranks[..mixed]);
        if (mixed < betas.Length)
        {
            Count(ordinal, _captions, [0], betas[mixed..(mixed + 1)], ranks[mixed..(mixed + 1)]);
            ranks[(mixed + 1)..betas.Length].Fill(ranks[mixed]);
        }

        for (int i = 0; i < betas.Length && excluded >= 0 && excluded != ordinal; i++)
        {
            ranks[i] -= Beats(excluded, ordinal, betas[i]) ? 1 : 0;
        }
    }

    // Before the item an equal score comes first, behind it only a higher one.
    private void Count(int ordinal, ReadOnlySpan<float> bases, ReadOnlySpan<float> slopeWeights, ReadOnlySpan<float> betas, Span<int> ranks)
    {
        Span<float> thresholds = stackalloc float[Math.Min(betas.Length, StackWeights)];
        for (int start = 0; start < betas.Length; start += StackWeights)
        {
            int count = Math.Min(StackWeights, betas.Length - start);
            for (int i = 0; i < count; i++)
            {
                thresholds[i] = Score(ordinal, betas[start + i]);
            }

            ReadOnlySpan<float> weights = slopeWeights.Slice(start, count);
            RowArithmetic.CountAbove(bases[..ordinal], _differences[..ordinal], weights, thresholds[..count], orEqual: true, ranks.Slice(start, count));
            RowArithmetic.CountAbove(
                bases[(ordinal + 1)..], _differences[(ordinal + 1)..], weights, thresholds[..count], orEqual: false, ranks.Slice(start, count));
        }
    }
}
