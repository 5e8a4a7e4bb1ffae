using ZeroShotCir.Fusion;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// A fusion expressed on similarities: since an inner product is linear in the query, combining the terms' similarities gives what
/// combining the terms first would give, without another product.
/// </summary>
internal abstract class TermFusion
{
    /// <summary>The terms whose similarities are read, in the order of the rows given to <see cref="Fuse"/>.</summary>
    public abstract IReadOnlyList<QueryTerm> Terms { get; }

    /// <summary>Writes one score per gallery item.</summary>
    public abstract void Fuse(QueryTerms terms, int query, TermRows rows, Span<float> scores);

    public static TermFusion Create(EvaluationSetting setting)
    {
        FusionStrategy strategy = setting.Fusion;
        double alpha = setting.Alpha;
        double Get(string name) => strategy.Parameters[name];
        return strategy.Name switch
        {
            "weighted" => new TwoTermFusion(new WeightedFusion(alpha, setting.NormalizeInputs)),
            "centred" => new TwoTermFusion(new WeightedFusion(alpha)),
            "slerp" => new TwoTermFusion(new SphericalFusion(alpha)),
            "late-linear" => new ScoreTermFusion([QueryTerm.Image, QueryTerm.Text], new LinearScoreFusion(alpha)),
            "late-cdf" => new ScoreTermFusion([QueryTerm.Image, QueryTerm.Text], new CdfScoreFusion(alpha, Get("ddof") > 0)),
            "product" => new ScoreTermFusion([QueryTerm.Image, QueryTerm.Text], new ProductScoreFusion()),
            "seize" => new ScoreTermFusion([QueryTerm.Description, QueryTerm.Target], new SeizeScoreFusion(Get("neg"), Get("pos"))),
            "target" => new SumFusion([QueryTerm.Image, QueryTerm.Target], (_, _) => [1 - alpha, alpha], normalize: true),
            "pdv" => Directional(alpha, Get("image"), Get("text")),
            "sdr" => Debiased(alpha, Get("beta")),
            "arithmetic" => new SumFusion(
                [QueryTerm.Image, QueryTerm.Text, QueryTerm.Description], (_, _) => [Get("image"), Get("text"), Get("description")], normalize: false),
            "hadamard" => new SumFusion([QueryTerm.Product], (_, _) => [1], normalize: false),
            _ => throw new ArgumentException($"The fusion '{strategy.Name}' is not known.", nameof(setting)),
        };
    }

    // PDV-F with α, the weight of the text, in the place of its β.
    private static SumFusion Directional(double alpha, double imageStep, double textStep)
    {
        double step = ((1 - alpha) * imageStep) + (alpha * textStep);
        return new SumFusion([QueryTerm.Image, QueryTerm.Description, QueryTerm.Target], (_, _) => [1 - alpha, alpha - step, step], normalize: true);
    }

    // SDR weighs the image where α weighs the text.
    private static SumFusion Debiased(double alpha, double beta) => new(
        [QueryTerm.Image, QueryTerm.Text, QueryTerm.Target],
        (terms, query) =>
        {
            double cosine = terms.Cosine(QueryTerm.Image, QueryTerm.Target, query);
            double length = Math.Sqrt(((1 - alpha) * (1 - alpha)) + (alpha * alpha) + (2 * alpha * (1 - alpha) * cosine));
            double scale = length > 0 ? (1 + beta) / length : 0;
            return [(1 - alpha) * scale, beta, (alpha * scale) - beta];
        },
        normalize: false);

    /// <summary>A linear fusion of image and text.</summary>
    private sealed class TwoTermFusion(ILinearFusion fusion) : TermFusion
    {
        public override IReadOnlyList<QueryTerm> Terms { get; } = [QueryTerm.Image, QueryTerm.Text];

        public override void Fuse(QueryTerms terms, int query, TermRows rows, Span<float> scores)
        {
            double imageLength = terms.Length(QueryTerm.Image, query);
            double textLength = terms.Length(QueryTerm.Text, query);
            double cosine = terms.Cosine(QueryTerm.Image, QueryTerm.Text, query);
            FusionWeights weights = fusion.Weigh(imageLength, textLength, cosine);
            double image = weights.Image * imageLength;
            double text = weights.Text * textLength;
            double length = Math.Sqrt((image * image) + (text * text) + (2 * image * text * cosine));
            double scale = length > 0 ? 1 / length : 0;
            RowArithmetic.Mix(rows[0], (float)(image * scale), rows[1], (float)(text * scale), scores);
        }
    }

    /// <summary>A sum of any terms whose weights may depend on the query.</summary>
    private sealed class SumFusion(IReadOnlyList<QueryTerm> terms, Func<QueryTerms, int, double[]> weigh, bool normalize) : TermFusion
    {
        public override IReadOnlyList<QueryTerm> Terms => terms;

        public override void Fuse(QueryTerms queryTerms, int query, TermRows rows, Span<float> scores)
        {
            double[] weights = weigh(queryTerms, query);
            double scale = normalize ? Scale(weights, queryTerms, query) : 1;
            scores.Clear();
            for (int term = 0; term < weights.Length; term++)
            {
                RowArithmetic.Add(rows[term], (float)(weights[term] * scale), scores);
            }
        }

        private double Scale(double[] weights, QueryTerms queryTerms, int query)
        {
            double square = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                for (int j = 0; j < weights.Length; j++)
                {
                    square += weights[i] * weights[j] * queryTerms.Cosine(terms[i], terms[j], query);
                }
            }

            return square > 0 ? 1 / Math.Sqrt(square) : 0;
        }
    }

    /// <summary>A fusion of two rows of similarities.</summary>
    private sealed class ScoreTermFusion(IReadOnlyList<QueryTerm> terms, IScoreFusion fusion) : TermFusion
    {
        public override IReadOnlyList<QueryTerm> Terms => terms;

        public override void Fuse(QueryTerms queryTerms, int query, TermRows rows, Span<float> scores) => fusion.Fuse(rows[0], rows[1], scores);
    }
}
