using System.Numerics;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// One query's scores against the whole gallery as a function of β: similarities to images, to captions, and their difference, so that
/// a score is one multiply-add, <c>images + β·(captions - images)</c>; at β = 1 it is the captions' similarity itself.
/// </summary>
internal readonly ref struct ScoreRows(ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> differences)
{
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
    /// <param name="betas">The weights.</param>
    /// <param name="excluded">An item that does not take part, or -1.</param>
    /// <param name="ranks">Receives one rank per weight.</param>
    public void Rank(int ordinal, ReadOnlySpan<float> betas, int excluded, Span<int> ranks)
    {
        Span<float> weights = stackalloc float[4];
        Span<float> thresholds = stackalloc float[4];
        Span<int> counts = stackalloc int[4];
        for (int start = 0; start < betas.Length;)
        {
            // Four weights a pass; 1 alone, since there the score is the captions' similarity and not a sum.
            bool captionsOnly = betas[start] == 1;
            ReadOnlySpan<float> group = captionsOnly ? betas.Slice(start, 1) : betas.Slice(start, Math.Min(4, betas.Length - start));
            group = !captionsOnly && group.Contains(1f) ? group[..group.IndexOf(1f)] : group;
            for (int i = 0; i < 4; i++)
            {
                float beta = group[Math.Min(i, group.Length - 1)];
                weights[i] = captionsOnly ? 0 : beta;
                thresholds[i] = Score(ordinal, beta);
            }

            Count(ordinal, captionsOnly ? _captions : _images, weights, thresholds, counts);
            for (int i = 0; i < group.Length; i++)
            {
                bool excludedBeats = excluded >= 0 && excluded != ordinal && Beats(excluded, ordinal, group[i]);
                ranks[start + i] = 1 + counts[i] - (excludedBeats ? 1 : 0);
            }

            start += group.Length;
        }
    }

    // Before the item an equal score comes first, behind it only a higher one.
    private void Count(int ordinal, ReadOnlySpan<float> bases, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds, Span<int> counts)
    {
        Vector4 w = new(weights);
        Vector4 t = new(thresholds);
        (int a0, int a1, int a2, int a3) = RowArithmetic.CountAbove(bases[..ordinal], _differences[..ordinal], w, t, orEqual: true);
        (int b0, int b1, int b2, int b3) = RowArithmetic.CountAbove(bases[(ordinal + 1)..], _differences[(ordinal + 1)..], w, t, orEqual: false);
        counts[0] = a0 + b0;
        counts[1] = a1 + b1;
        counts[2] = a2 + b2;
        counts[3] = a3 + b3;
    }
}
