namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The similarities of one query's terms to the whole gallery, one row per term of a fusion.</summary>
internal readonly ref struct TermRows(ReadOnlySpan<float> products, int stride, int offset, int length, ReadOnlySpan<int> terms)
{
    private readonly ReadOnlySpan<float> _products = products;
    private readonly ReadOnlySpan<int> _terms = terms;

    public ReadOnlySpan<float> this[int term] => _products.Slice((_terms[term] * stride) + offset, length);
}
