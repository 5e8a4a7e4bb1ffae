using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>The evidence of one query: embeddings, each with a role and a weight.</summary>
/// <remarks>
/// Several terms of one role count as one: the weighted sum of their directions. A single term keeps the length that its encoder gave
/// it, which some strategies read. Not for concurrent use while terms are added; afterwards it serves concurrent callers.
/// </remarks>
public sealed class TermSet
{
    internal static readonly int RoleCount = Enum.GetValues<TermRole>().Length;
    private readonly List<Term> _terms = [];
    private readonly RoleVector?[] _roles = new RoleVector?[RoleCount];

    /// <summary>Creates an empty set.</summary>
    /// <param name="dimensions">The number of components of every embedding, at least 1.</param>
    /// <exception cref="InvalidEmbeddingException">It is less than 1.</exception>
    public TermSet(int dimensions)
    {
        if (dimensions < 1)
        {
            throw new InvalidEmbeddingException($"The embeddings have {dimensions} dimensions; at least 1 is needed.");
        }

        Dimensions = dimensions;
    }

    /// <summary>The number of components of every embedding.</summary>
    public int Dimensions { get; }

    /// <summary>The items that are searched, for strategies that look at them before they compose.</summary>
    /// <value>The default value is <see langword="null"/>; such strategies then refuse the terms.</value>
    public SearchedItems? Searched { get; init; }

    /// <summary>The number of terms.</summary>
    public int Count => _terms.Count;

    /// <summary>Adds a term.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="embedding">Its embedding, of any length; copied.</param>
    /// <param name="weight">Its weight beside other terms of the role; negative to push the query away from it, not 0.</param>
    /// <returns>This set.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="role"/> is unknown, or <paramref name="weight"/> is 0 or not finite.</exception>
    /// <exception cref="InvalidEmbeddingException">The embedding is not finite or has another dimension.</exception>
    public TermSet Add(TermRole role, ReadOnlySpan<float> embedding, double weight = 1)
    {
        Check(role, weight);
        EmbeddingGuard.ThrowIfDimensionsDiffer(embedding.Length, Dimensions, NameOf(role));
        EmbeddingGuard.ThrowIfNotFinite(embedding, NameOf(role));
        return Add(new Term(role, weight, embedding.ToArray()));
    }

    /// <summary>Adds a term that has several embeddings, such as a text in several wordings: the mean of their directions.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="embeddings">Its embeddings, at least one row; of any length.</param>
    /// <param name="weight">Its weight beside other terms of the role; negative to push the query away from it, not 0.</param>
    /// <returns>This set.</returns>
    /// <exception cref="ArgumentException"><paramref name="embeddings"/> has no rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="role"/> is unknown, or <paramref name="weight"/> is 0 or not finite.</exception>
    /// <exception cref="InvalidEmbeddingException">A row is not finite or has another dimension, or the rows cancel each other out.</exception>
    public TermSet Add(TermRole role, EmbeddingMatrix embeddings, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Rows == 1)
        {
            return Add(role, embeddings[0], weight);
        }

        Check(role, weight);
        EmbeddingGuard.ThrowIfDimensionsDiffer(embeddings.Dimensions, Dimensions, NameOf(role));
        float[] mean = new float[Dimensions];
        MeanDirection.Compute(embeddings, mean);
        return Add(new Term(role, weight, mean));
    }

    /// <summary>Adds all terms of another set.</summary>
    /// <param name="terms">The other set, of the same dimension.</param>
    /// <returns>This set.</returns>
    /// <exception cref="InvalidEmbeddingException">The dimension differs.</exception>
    public TermSet Add(TermSet terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        EmbeddingGuard.ThrowIfDimensionsDiffer(terms.Dimensions, Dimensions, "The set of terms");
        foreach (Term term in terms._terms)
        {
            Add(term);
        }

        return this;
    }

    /// <summary>Whether there is a term of a role.</summary>
    /// <param name="role">The role.</param>
    public bool Has(TermRole role)
    {
        foreach (Term term in _terms)
        {
            if (term.Role == role)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the direction of a role's terms together, of unit length; zeros where they have none.</summary>
    /// <param name="role">The role, of which there is a term.</param>
    /// <param name="direction">Receives <see cref="Dimensions"/> numbers.</param>
    /// <exception cref="InvalidTermsException">There is no term of the role.</exception>
    /// <exception cref="InvalidEmbeddingException">The role's terms cancel each other out.</exception>
    public void CopyDirection(TermRole role, Span<float> direction) => UnitVector.Normalize(Vector(role).Values, direction);

    /// <summary>The embeddings of a role's terms one by one, each of unit length; zeros where one has no direction.</summary>
    /// <param name="role">The role.</param>
    /// <returns>One row for each term, in the order they were added.</returns>
    public EmbeddingMatrix DirectionsOf(TermRole role)
    {
        Term[] terms = [.. _terms.Where(term => term.Role == role)];
        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(terms.Length, Dimensions, out Memory<float> values);
        for (int i = 0; i < terms.Length; i++)
        {
            UnitVector.Normalize(terms[i].Embedding, values.Span.Slice(i * Dimensions, Dimensions));
        }

        return rows;
    }

    /// <summary>The weights of a role's terms, in the order they were added.</summary>
    /// <param name="role">The role.</param>
    public IReadOnlyList<double> WeightsOf(TermRole role) => [.. _terms.Where(term => term.Role == role).Select(term => term.Weight)];

    /// <summary>Measures lengths and angles, which is all that the weights of a linear strategy depend on.</summary>
    /// <returns>The measures.</returns>
    /// <exception cref="InvalidEmbeddingException">The terms of one role cancel each other out.</exception>
    public TermGeometry Measure() => new(this);

    /// <summary>The terms of some roles.</summary>
    internal TermSet Where(Func<TermRole, bool> predicate)
    {
        TermSet some = new(Dimensions) { Searched = Searched };
        foreach (Term term in _terms.Where(term => predicate(term.Role)))
        {
            some.Add(term);
        }

        return some;
    }

    /// <summary>The same terms with another embedding in the place of a role's first one; what was measured of other roles is kept.</summary>
    internal TermSet WithFirst(TermRole role, ReadOnlySpan<float> embedding)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(embedding.Length, Dimensions, NameOf(role));
        EmbeddingGuard.ThrowIfNotFinite(embedding, NameOf(role));
        TermSet other = new(Dimensions) { Searched = Searched };
        other._terms.AddRange(_terms);
        int first = other._terms.FindIndex(term => term.Role == role);
        other._terms[first] = other._terms[first] with { Embedding = embedding.ToArray() };
        _roles.CopyTo(other._roles, 0);
        other._roles[(int)role] = null;
        return other;
    }

    /// <summary>The same terms with every embedding put into a space.</summary>
    internal TermSet Transform(SpaceTransform? space)
    {
        if (space is null)
        {
            return this;
        }

        TermSet transformed = new(Dimensions) { Searched = Searched };
        foreach (Term term in _terms)
        {
            float[] embedding = new float[Dimensions];
            space.Transform(term.Role, term.Embedding, embedding);
            transformed.Add(term with { Embedding = embedding });
        }

        return transformed;
    }

    /// <summary>The items that are searched.</summary>
    /// <exception cref="InvalidTermsException">Nobody said what is searched.</exception>
    internal SearchedItems RequireSearched(CompositionStrategy strategy) => Searched ?? throw new InvalidTermsException(
        $"The strategy '{strategy.Name}' looks at the items that are searched before it composes. Search with a retriever, or give TermSet.Searched.");

    /// <summary>Whether embeddings of a role are images'.</summary>
    internal static bool IsImage(TermRole role) => role is TermRole.Image or TermRole.Liked or TermRole.Disliked;

    internal RoleVector Vector(TermRole role) => _roles[(int)role] ??= Sum(role);

    internal static string NameOf(TermRole role) => role switch
    {
        TermRole.Image => "The image embedding",
        TermRole.Text => "The text embedding",
        TermRole.TargetDescription => "The embedding of the target's description",
        TermRole.ReferenceDescription => "The embedding of the reference's description",
        TermRole.MustHave => "The embedding of the must-have text",
        TermRole.Composed => "The composed embedding",
        TermRole.Liked => "The embedding of the liked image",
        TermRole.Disliked => "The embedding of the disliked image",
        _ => "The embedding of the must-not text",
    };

    private static void Check(TermRole role, double weight)
    {
        if (!Enum.IsDefined(role))
        {
            throw new ArgumentOutOfRangeException(nameof(role), role, "The role is not a member of TermRole.");
        }

        if (!double.IsFinite(weight) || weight == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a term must be a finite number other than 0. Leave out what should not count.");
        }
    }

    private TermSet Add(Term term)
    {
        _terms.Add(term);
        _roles[(int)term.Role] = null;
        return this;
    }

    private RoleVector Sum(TermRole role)
    {
        Term[] terms = [.. _terms.Where(term => term.Role == role)];
        if (terms.Length == 0)
        {
            throw new InvalidTermsException($"The query has no term of the role {role}.");
        }

        if (terms.Length == 1)
        {
            return RoleVector.Single(terms[0].Embedding, terms[0].Weight);
        }

        double[] sum = new double[Dimensions];
        foreach (Term term in terms)
        {
            double length = UnitVector.Length(term.Embedding);
            double scale = length > 0 ? term.Weight / length : 0;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += scale * term.Embedding[i];
            }
        }

        float[] values = Array.ConvertAll(sum, value => (float)value);
        double magnitude = UnitVector.Length(values);
        double total = terms.Sum(term => Math.Abs(term.Weight));
        return magnitude > total * MeanDirection.LeastLength
            ? new RoleVector(values, magnitude, 1, magnitude, total)
            : throw new InvalidEmbeddingException(
                $"The {terms.Length} terms of the role {role} cancel each other out, so they have no direction together. Leave one out or change a weight.");
    }

    private readonly record struct Term(TermRole Role, double Weight, float[] Embedding);
}
