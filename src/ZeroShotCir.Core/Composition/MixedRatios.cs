using System.Numerics.Tensors;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Composition;

/// <summary>
/// The items that several mixtures of image and description find, in the order of how well the best mixture, the text and the
/// constraints fit; behind them the others, by the description alone.
/// </summary>
internal sealed class MixedRatios(StrategyArguments arguments) : RowStrategy(arguments)
{
    // Evenly spread, the last one the description alone.
    private readonly double[] _ratios = [.. Enumerable.Range(1 - (int)arguments["mixtures"], (int)arguments["mixtures"])
        .Select(step => step == 0 ? 1 : 1 + (step * (1 - arguments["first"]) / ((int)arguments["mixtures"] - 1)))];

    // Scores of the items that are found lie between -2 and 4.
    private const float Behind = 4;

    protected internal override bool DerivesVectors => true;

    protected internal override int CountVectors(TermSet terms) => _ratios.Length + 3;

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        float[] image = new float[terms.Dimensions];
        float[] target = new float[terms.Dimensions];
        terms.CopyDirection(TermRole.Image, image);
        terms.CopyDirection(TermRole.TargetDescription, target);
        double cosine = terms.Measure().Cosine(TermRole.Image, TermRole.TargetDescription);
        for (int ratio = 0; ratio < _ratios.Length; ratio++)
        {
            (double ofImage, double ofTarget) = SphericalInterpolation.Weights(cosine, _ratios[ratio]);
            Span<float> mixture = vectors[ratio];
            for (int i = 0; i < mixture.Length; i++)
            {
                mixture[i] = (float)((ofImage * image[i]) + (ofTarget * target[i]));
            }
        }

        terms.CopyDirection(TermRole.Text, vectors[_ratios.Length]);
        CopyOrLeaveOut(TermRole.MustHave, _ratios.Length + 1);
        CopyOrLeaveOut(TermRole.MustNot, _ratios.Length + 2);

        void CopyOrLeaveOut(TermRole role, int vector)
        {
            if (terms.Has(role))
            {
                terms.CopyDirection(role, vectors[vector]);
            }
            else
            {
                vectors.LeaveOut(vector);
            }
        }
    }

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        int length = (int)Arguments["length"];
        Dictionary<int, float> found = [];
        for (int ratio = 0; ratio < _ratios.Length; ratio++)
        {
            ReadOnlySpan<float> row = rows[ratio];
            foreach (int item in rows.LeadingOf(ratio, length))
            {
                found[item] = Math.Max(found.GetValueOrDefault(item, float.NegativeInfinity), row[item]);
            }
        }

        int[] items = [.. found.Keys.Order()];
        float[] final = [.. items.Select(item => found[item])];
        ReadOnlySpan<float> texts = rows[_ratios.Length];
        ReadOnlySpan<float> haves = rows[_ratios.Length + 1];
        ReadOnlySpan<float> nots = rows[_ratios.Length + 2];
        for (int i = 0; i < items.Length; i++)
        {
            float basis = final[i];
            final[i] += texts[items[i]]
                - (haves.IsEmpty ? 0 : Math.Max(0, basis - haves[items[i]]))
                + (nots.IsEmpty ? 0 : Math.Max(0, basis - nots[items[i]]));
        }

        TensorPrimitives.Subtract(rows[_ratios.Length - 1], Behind, scores);

        foreach (SearchHit hit in BestHits.Select(final, length, items))
        {
            scores[hit.Ordinal] = hit.Score;
        }
    }
}
