namespace ZeroShotCir.Composition;

/// <summary>
/// The shift between two descriptions applied to the image: by the step whose proxy comes nearest to its goal, behind a gate that keeps
/// items that fit the reference's description better than the target's.
/// </summary>
/// <remarks>
/// The published step is the one stationary point of cos(v + a·d, y), and the maximum exactly where its denominator is negative.
/// Elsewhere the best direction is the shift itself, which is taken here.
/// </remarks>
internal sealed class AdaptiveShift(StrategyArguments arguments) : RowStrategy(arguments)
{
    private const double Vanishing = 1e-12;

    protected internal override bool DerivesVectors => true;

    protected internal override int CountVectors(TermSet terms) => 3;

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        int dimensions = terms.Dimensions;
        Span<float> target = vectors[0];
        Span<float> reference = vectors[1];
        Span<float> proxy = vectors[2];
        terms.CopyDirection(TermRole.TargetDescription, target);
        terms.CopyDirection(TermRole.ReferenceDescription, reference);
        float[] image = new float[dimensions];
        terms.CopyDirection(TermRole.Image, image);
        double vv = 0, vd = 0, vy = 0, dy = 0, dd = 0, yy = 0;
        for (int i = 0; i < dimensions; i++)
        {
            double v = image[i];
            double d = (double)target[i] - reference[i];
            double y = target[i] - (Arguments["b"] * v);
            vv += v * v;
            vd += v * d;
            vy += v * y;
            dy += d * y;
            dd += d * d;
            yy += y * y;
        }

        double numerator = (vy * vd) - (dy * vv);
        double denominator = (dy * vd) - (vy * dd);
        double scale = Math.Sqrt(vv * yy);
        bool vanishes = Math.Abs(numerator) <= Vanishing * scale * Math.Sqrt(dd) && Math.Abs(denominator) <= Vanishing * scale * dd;
        double ofImage = vanishes ? 1 : denominator < 0 ? -denominator : 0;
        double ofShift = vanishes ? 0 : denominator < 0 ? -numerator : Math.Sign(dy);
        for (int i = 0; i < dimensions; i++)
        {
            proxy[i] = (float)((ofImage * image[i]) + (ofShift * ((double)target[i] - reference[i])));
        }
    }

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> target = rows[0];
        ReadOnlySpan<float> reference = rows[1];
        ReadOnlySpan<float> proxy = rows[2];
        double lambda = Arguments["lambda"];
        double margin = Arguments["margin"];
        for (int i = 0; i < scores.Length; i++)
        {
            double gate = (double)target[i] - reference[i] + margin >= 0 ? lambda : 0;
            scores[i] = (float)(target[i] + (gate * target[i] * proxy[i]));
        }
    }
}
