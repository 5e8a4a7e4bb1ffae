using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>The texts that right answers of a data set's queries must and must not fit, as terms.</summary>
internal static class QueryConstraints
{
    /// <summary>All of them, to be encoded.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Texts(EvaluationDataset dataset)
        => [.. dataset.Queries.SelectMany(query => (IReadOnlyList<string>[])[query.MustHave, query.MustNot]).Where(texts => texts.Count > 0)];

    /// <summary>The terms of each query, every text for itself; <see langword="null"/> where no query has any.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="texts">Gives the rows of encoded texts.</param>
    /// <param name="dimensions">The number of components.</param>
    public static IReadOnlyList<TermSet>? Terms(EvaluationDataset dataset, TextFeatureCache texts, int dimensions)
    {
        if (dataset.Queries.All(query => query.MustHave.Count == 0 && query.MustNot.Count == 0))
        {
            return null;
        }

        float[] row = new float[dimensions];
        return [.. dataset.Queries.Select(Of)];

        TermSet Of(EvaluationQuery query)
        {
            TermSet terms = new(dimensions);
            Add(terms, TermRole.MustHave, query.MustHave);
            Add(terms, TermRole.MustNot, query.MustNot);
            return terms;
        }

        void Add(TermSet terms, TermRole role, IReadOnlyList<string> said)
        {
            foreach (string text in said)
            {
                texts.Write(text, row);
                terms.Add(role, row);
            }
        }
    }
}
