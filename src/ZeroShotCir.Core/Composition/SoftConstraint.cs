namespace ZeroShotCir.Composition;

/// <summary>The weighted sum's score, multiplied by how well an item keeps what must be there and avoids what must not.</summary>
internal sealed class SoftConstraint(StrategyArguments arguments, SoftForm form) : RowStrategy(arguments)
{
    private readonly double _lambda = arguments["lambda"];

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        double imageWeight, textWeight;
        (imageWeight, textWeight) = StartingSum.Weights(this, terms);
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        ReadOnlySpan<float> haves = form == SoftForm.Penalty ? default : rows[2];
        ReadOnlySpan<float> nots = form == SoftForm.Reward ? default : rows[form == SoftForm.Both ? 3 : 2];
        double have = StartingSum.MeanScale(terms, TermRole.MustHave);
        double not = StartingSum.MeanScale(terms, TermRole.MustNot);
        for (int i = 0; i < scores.Length; i++)
        {
            double score = (imageWeight * ValueAt(images, i)) + (textWeight * ValueAt(texts, i));
            double reward = have * ValueAt(haves, i);
            double penalty = not * ValueAt(nots, i);
            double factor = form switch
            {
                SoftForm.Both => (reward + 1 - penalty) / 2,
                SoftForm.Reward => reward,
                _ => 1 - penalty,
            };
            scores[i] = (float)(((1 - _lambda) * score) + (_lambda * score * factor));
        }
    }

    private static double ValueAt(ReadOnlySpan<float> row, int item) => row.IsEmpty ? 0 : row[item];
}
