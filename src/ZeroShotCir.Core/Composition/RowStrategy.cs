namespace ZeroShotCir.Composition;

/// <summary>
/// A strategy that is a function of its terms' similarities to every item that is searched: fusion after the comparison instead of
/// before it. It costs one scan of the gallery with several vectors, and with captions one of images and one of captions.
/// </summary>
/// <remarks>Statistics over rows are taken over the items that are searched, before single ones are left out.</remarks>
public abstract class RowStrategy : CompositionStrategy
{
    /// <summary>Creates the strategy.</summary>
    /// <param name="arguments">What it is made with.</param>
#pragma warning disable RS0022 // Strategies of a caller's own derive from here, and not from the base class.
    protected RowStrategy(StrategyArguments arguments)
        : base(arguments)
    {
    }
#pragma warning restore RS0022

    /// <summary>Scores the items.</summary>
    /// <param name="rows">The similarities, one row for each vector.</param>
    /// <param name="terms">The lengths of the terms and the angles between them.</param>
    /// <param name="scores">Receives one score for each item; higher is better. An item's score depends on its own similarities and on statistics of rows only.</param>
    protected internal abstract void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores);

    /// <summary>Scores the items of a query.</summary>
    /// <param name="terms">The terms, all of roles that the strategy reads.</param>
    /// <param name="rows">The similarities of each role's direction to the items.</param>
    /// <returns>One score for each item.</returns>
    /// <exception cref="InvalidTermsException">The terms are not those that the strategy reads.</exception>
    /// <exception cref="ZeroShotCir.Embeddings.InvalidEmbeddingException">A term has no direction.</exception>
    public float[] Score(TermSet terms, SimilarityRows rows)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ThrowIfTermsDoNotFit(terms.Has);
        float[] scores = new float[rows.Length];
        TermGeometry geometry = terms.Measure();
        Check(geometry);
        Score(rows, geometry, scores);
        return scores;
    }

    /// <summary>Refuses terms without direction: their similarities say nothing.</summary>
    internal void Check(TermGeometry terms)
    {
        for (int i = 0; !DerivesVectors && i < Roles.Count; i++)
        {
            if (terms.Has(Roles[i]))
            {
                ThrowIfNoDirection(terms.Magnitude(Roles[i]), terms.TotalWeight(Roles[i]));
            }
        }
    }
}
