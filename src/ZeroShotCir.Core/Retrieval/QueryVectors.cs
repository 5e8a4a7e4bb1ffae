using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Retrieval;

/// <summary>A composed query: the vectors that are compared with the rows of a gallery, and what makes scores of the similarities.</summary>
/// <remarks>
/// A linear strategy composes one vector, and its inner products with the folded rows are the scores: any engine that ranks by inner
/// product can search for it. A row-wise strategy has several vectors; <see cref="Score"/> is the function of their similarities.
/// Immutable; serves concurrent callers.
/// </remarks>
public sealed class QueryVectors
{
    private readonly QueryPath[] _paths;

    internal QueryVectors(CompositionStrategy strategy, double beta, IEnumerable<TermSet> paths)
    {
        Strategy = strategy;
        Beta = beta;
        _paths = [.. paths.Select(terms => new QueryPath(strategy, terms))];
    }

    /// <summary>How terms become scores.</summary>
    public CompositionStrategy Strategy { get; }

    /// <summary>How much captions count, the paper's β.</summary>
    public double Beta { get; }

    /// <summary>The number of components of a vector.</summary>
    public int Dimensions => _paths[0].Terms.Dimensions;

    /// <summary>The formula of the score. With that of the published code captions are compared with vectors of their own, which only a gallery does.</summary>
    public Scoring Scoring => _paths.Length > 1 ? Scoring.PublishedCode : Scoring.Paper;

    /// <summary>Whether the query is one vector whose inner products with rows, folded for <see cref="Beta"/>, are its scores.</summary>
    public bool IsOneVector => Strategy is LinearStrategy && Scoring == Scoring.Paper;

    /// <summary>
    /// The vectors that are compared with rows: one where the strategy is linear, otherwise one for each similarity that it reads, with
    /// zeros in the place of a term that the query does not have.
    /// </summary>
    /// <exception cref="InvalidEmbeddingException">The query has no direction.</exception>
    public EmbeddingMatrix Vectors => _paths[0].Vectors;

    internal IReadOnlyList<QueryPath> Paths => _paths;

    /// <summary>The same query, composed with an eye on the items that it is compared with.</summary>
    internal QueryVectors SearchedIn(SearchedItems items) => Strategy.LooksAtItems
        ? new QueryVectors(Strategy, Beta, _paths.Select(path => new TermSet(Dimensions) { Searched = items }.Add(path.Terms)))
        : this;

    /// <summary>Composes a query of embeddings that are there already.</summary>
    /// <param name="strategy">How terms become scores.</param>
    /// <param name="terms">The terms, in the space of the strategy; not changed afterwards.</param>
    /// <param name="beta">How much captions count, the paper's β, in [0, 1].</param>
    /// <returns>The composed query.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidTermsException">The terms are not those that the strategy reads.</exception>
    public static QueryVectors Compose(CompositionStrategy strategy, TermSet terms, double beta)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(terms);
        Folding.ThrowIfNotWeight(beta);
        strategy.ThrowIfTermsDoNotFit(terms.Has);
        return new QueryVectors(strategy, beta, [terms]);
    }

    /// <summary>Scores rows: <c>(1-β)·f(images) + β·f(captions)</c>, where f is the strategy; without captions <c>f(images)</c>.</summary>
    /// <param name="rows">The rows, with the parts that they were folded from.</param>
    /// <param name="images">
    /// Mean and covariance of all images, where the rows are only some of them and the strategy compares a similarity with those of all;
    /// <see langword="null"/> where the rows are all.
    /// </param>
    /// <param name="captions">The same of the captions' means.</param>
    /// <returns>One score for each row, as a search of a gallery of these rows gives it.</returns>
    /// <exception cref="InvalidQueryException">The formula is the published code's, or a row comes without its image embedding.</exception>
    /// <exception cref="InvalidEmbeddingException">The rows have another dimension, or the query has no direction.</exception>
    public IReadOnlyList<float> Score(IReadOnlyList<StoreRow> rows, RowMoments? images = null, RowMoments? captions = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return RowScoring.Score(this, rows, images, captions);
    }
}
