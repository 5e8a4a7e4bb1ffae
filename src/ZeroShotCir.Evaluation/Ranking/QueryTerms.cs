using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The terms of all queries as unit vectors, with their raw lengths and the cosines between them.</summary>
internal sealed class QueryTerms
{
    private const int Kinds = (int)QueryTerm.Product + 1;
    private readonly EmbeddingMatrix?[] _units = new EmbeddingMatrix?[Kinds];
    private readonly double[]?[] _lengths = new double[]?[Kinds];
    private readonly Dictionary<(QueryTerm, QueryTerm), double[]> _cosines = [];
    private readonly Func<QueryTerm, EmbeddingMatrix> _raw;

    /// <param name="raw">Gives the raw embeddings of a term, one row per query.</param>
    public QueryTerms(Func<QueryTerm, EmbeddingMatrix> raw) => _raw = raw;

    /// <summary>Makes terms ready; called before threads share the object.</summary>
    public void Prepare(IReadOnlyList<QueryTerm> terms)
    {
        lock (_cosines)
        {
            foreach (QueryTerm term in terms)
            {
                if (_units[(int)term] is null)
                {
                    EmbeddingMatrix raw = _raw(term);
                    _lengths[(int)term] = [.. Enumerable.Range(0, raw.Rows).Select(row => UnitVector.Length(raw[row]))];
                    _units[(int)term] = UnitRows.Of(raw);
                }
            }

            foreach ((QueryTerm first, QueryTerm second) in Pairs(terms))
            {
                if (!_cosines.ContainsKey((first, second)))
                {
                    EmbeddingMatrix x = Units(first);
                    EmbeddingMatrix y = Units(second);
                    _cosines[(first, second)] = [.. Enumerable.Range(0, x.Rows).Select(row => Cosine(x[row], y[row]))];
                }
            }
        }
    }

    public EmbeddingMatrix Units(QueryTerm term) => _units[(int)term]!;

    public double Length(QueryTerm term, int query) => _lengths[(int)term]![query];

    public double Cosine(QueryTerm first, QueryTerm second, int query)
        => first == second ? 1 : _cosines[first < second ? (first, second) : (second, first)][query];

    private static IEnumerable<(QueryTerm First, QueryTerm Second)> Pairs(IReadOnlyList<QueryTerm> terms)
        => from first in terms from second in terms where first < second select (first, second);

    private static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return Math.Clamp(sum, -1, 1);
    }
}
