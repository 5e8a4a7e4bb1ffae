using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// How the terms of a query become scores. It is one of two things: <em>linear</em>, weights for the terms and so one query vector
/// (<see cref="LinearStrategy"/>), or <em>row-wise</em>, a function of the terms' similarities to every item (<see cref="RowStrategy"/>).
/// </summary>
/// <remarks>
/// Retrieval evaluates a strategy on vectors and evaluation evaluates the same object on inner products, so what is measured is what is
/// searched with. <see cref="StrategyTable"/> lists those that the library has. Immutable; serves concurrent callers. Two are equal when
/// they are the same strategy with the same numbers.
/// </remarks>
public abstract class CompositionStrategy : IEquatable<CompositionStrategy>
{
    // A sum of directions shorter than this share of its weights is rounding, so it has no direction.
    private const double LeastLength = 1e-7;

    private protected CompositionStrategy(StrategyArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        Arguments = arguments;
    }

    /// <summary>The weighted sum of WeiMoCIR with its published weight of the text, 0.8; for others see <see cref="WithAlpha"/>.</summary>
    public static CompositionStrategy Weighted { get; } = StrategyTable.Find("weighted").Create();

    /// <summary>Its row of the table of strategies.</summary>
    public StrategyDefinition Definition => Arguments.Definition;

    /// <summary>Its name, such as <c>slerp</c>.</summary>
    public string Name => Definition.Name;

    /// <summary>The weight of the text, the paper's α, in [0, 1].</summary>
    public double Alpha => Arguments.Alpha;

    /// <summary>Whether embeddings are scaled to unit length before they are added; only a weighted sum asks.</summary>
    public bool NormalizeInputs => Arguments.NormalizeInputs;

    /// <summary>The parameters beside α.</summary>
    public IReadOnlyDictionary<string, double> Parameters => Arguments.Parameters;

    /// <summary>The roles that it reads with these parameters.</summary>
    public virtual IReadOnlyList<TermRole> Roles => field ??= [.. Definition.Terms.Select(term => term.Role)];

    /// <summary>Where query and gallery rows are compared.</summary>
    public virtual CompositionSpace Space => CompositionSpace.Embedding;

    /// <summary>What it was made with.</summary>
    protected StrategyArguments Arguments { get; }

    /// <summary>Whether it derives vectors from the terms, instead of reading one vector for each role.</summary>
    protected internal virtual bool DerivesVectors => false;

    /// <summary>Whether derived vectors are scaled to unit length; where their length carries meaning they are not.</summary>
    protected internal virtual bool NormalizesDerived => true;

    /// <summary>The same strategy with another weight of the text.</summary>
    /// <param name="alpha">The weight, in [0, 1].</param>
    /// <returns>The strategy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    public CompositionStrategy WithAlpha(double alpha)
        => Definition.Create(new StrategyArguments(Definition, Parameters, alpha, NormalizeInputs));

    /// <summary>The same strategy on embeddings of unit length or as the encoders gave them, as the published code takes them.</summary>
    /// <param name="normalize">Whether they are scaled to unit length first.</param>
    /// <returns>The strategy.</returns>
    public CompositionStrategy WithNormalizedInputs(bool normalize)
        => Definition.Create(new StrategyArguments(Definition, Parameters, Alpha, normalize));

    /// <summary>
    /// Whether it reads a role, or can use it to come by one that it reads: a text to have the target described, an image to find its
    /// captions, both to have them encoded together.
    /// </summary>
    /// <param name="role">The role.</param>
    public bool Accepts(TermRole role) => Roles.Contains(role)
        || (role is TermRole.Image or TermRole.Text && Roles.Contains(TermRole.Composed))
        || (role == TermRole.Text && Roles.Contains(TermRole.TargetDescription))
        || (role == TermRole.Image && (Roles.Contains(TermRole.ReferenceDescription) || Roles.Contains(TermRole.TargetDescription)));

    /// <summary>Whether a query without a role is refused.</summary>
    /// <param name="role">The role.</param>
    public bool Requires(TermRole role) => Roles.Contains(role) && Definition.Terms.Any(term => term.Role == role && term.IsRequired);

    /// <inheritdoc/>
    public bool Equals(CompositionStrategy? other) => other is not null && other.GetType() == GetType() && Arguments.Equals(other.Arguments);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CompositionStrategy);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Arguments.GetHashCode();

    /// <summary>Name and parameters as <see cref="StrategyTable.Parse"/> reads them; α is written apart.</summary>
    /// <returns>Such as <c>pdv:image=1.2,text=1</c>.</returns>
    public sealed override string ToString() => Arguments.ToString();

    /// <summary>Whether it looks at the items that are searched before it composes (<see cref="TermSet.Searched"/>).</summary>
    protected internal virtual bool LooksAtItems => false;

    /// <summary>How many vectors of a query are compared with the gallery: one for each role, unless it derives vectors.</summary>
    /// <param name="terms">The terms of the query.</param>
    protected internal virtual int CountVectors(TermSet terms) => Roles.Count;

    /// <summary>Derives vectors from the terms, such as a product; called where <see cref="DerivesVectors"/> says so.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="vectors">Receives the vectors; each is scaled to unit length afterwards, unless <see cref="NormalizesDerived"/> is off.</param>
    protected internal virtual void Derive(TermSet terms, ComposedVectors vectors)
        => throw new NotSupportedException($"The strategy '{Name}' derives no vectors.");

    /// <summary>The vectors that are compared with the gallery, of unit length; one is left out where the query has no term of its role.</summary>
    internal ComposedVectors Vectors(TermSet terms)
    {
        ComposedVectors vectors = new(CountVectors(terms), terms.Dimensions);
        if (DerivesVectors)
        {
            Derive(terms, vectors);
        }

        for (int i = 0; i < vectors.Count; i++)
        {
            if (DerivesVectors)
            {
                Finish(vectors, i);
            }
            else if (terms.Has(Roles[i]))
            {
                terms.CopyDirection(Roles[i], vectors[i]);
            }
            else
            {
                vectors.LeaveOut(i);
            }
        }

        return vectors;
    }

    /// <summary>Refuses terms that it does not read, and the lack of those that it needs.</summary>
    internal void ThrowIfTermsDoNotFit(Func<TermRole, bool> has)
    {
        for (TermRole role = 0; (int)role < TermSet.RoleCount; role++)
        {
            if (has(role) && !Accepts(role))
            {
                string others = string.Join(", ", StrategyTable.All.Where(row => row.Terms.Any(term => term.Role == role)).Select(row => row.Name));
                throw new InvalidTermsException($"The query has a term of the role {role}, which the strategy '{Name}' does not read. Leave it out, or choose one of {others}.");
            }
        }

        if (Roles.FirstOrDefault(role => Requires(role) && !has(role), (TermRole)(-1)) is >= 0 and var missing)
        {
            throw new InvalidTermsException($"The strategy '{Name}' needs a term of the role {missing}, and the query has none. Give one, or choose another strategy.");
        }

        if (!Roles.Any(has))
        {
            throw new InvalidTermsException($"The strategy '{Name}' reads {string.Join(", ", Roles)}, and the query has none of them.");
        }
    }

    internal void ThrowIfNoDirection(double length, double weights)
    {
        if (!(length > weights * LeastLength))
        {
            throw NoDirection();
        }
    }

    private void Finish(ComposedVectors vectors, int position)
    {
        Span<float> vector = vectors[position];
        if (NormalizesDerived && vectors.Has(position))
        {
            UnitVector.Normalize(vector, vector);
        }

        if (vectors.Has(position) && !vector.ContainsAnyExcept(0f))
        {
            throw NoDirection();
        }
    }

    private InvalidEmbeddingException NoDirection() => new(
        $"The terms that '{Name}' reads cancel each other out or are zero, so the query has no direction. Choose another weight or check the encoders.");
}
