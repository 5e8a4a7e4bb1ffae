using System.Numerics.Tensors;
using ZeroShotCir.Buffers;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// A strategy whose query is a weighted sum of its terms' directions, <c>q = Σ w_i·û_i</c>: one vector, and one scan of the folded gallery.
/// </summary>
/// <remarks>
/// Since inner products are linear, the similarities of such a query are the same weighted sum of its terms' similarities. A sweep over
/// weights therefore needs the products of the terms only once.
/// </remarks>
public abstract class LinearStrategy : CompositionStrategy
{
    /// <summary>Creates the strategy.</summary>
    /// <param name="arguments">What it is made with.</param>
#pragma warning disable RS0022 // Strategies of a caller's own derive from here, and not from the base class.
    protected LinearStrategy(StrategyArguments arguments)
        : base(arguments)
    {
    }
#pragma warning restore RS0022

    /// <summary>Whether the query is scaled to unit length.</summary>
    protected internal virtual bool IsNormalized => true;

    /// <summary>Whether a query that has one of the roles only is that term alone, whatever the weights.</summary>
    protected internal virtual bool TakesOneAlone => false;

    /// <summary>Weighs the directions of the terms of one query.</summary>
    /// <param name="terms">The lengths of the terms and the angles between them.</param>
    /// <param name="weights">Receives one weight for each vector; those of absent roles are ignored.</param>
    protected internal abstract void Weigh(TermGeometry terms, Span<double> weights);

    /// <summary>The weights of the terms' directions, scaled to unit length where the strategy does that.</summary>
    /// <param name="terms">The lengths of the terms and the angles between them.</param>
    /// <param name="weights">Receives one weight for each vector.</param>
    /// <exception cref="InvalidTermsException">A term is missing that the strategy needs.</exception>
    /// <exception cref="InvalidEmbeddingException">The query has no direction.</exception>
    internal void ComputeWeights(TermGeometry terms, Span<double> weights)
    {
        weights.Clear();
        if (DerivesVectors)
        {
            Weigh(terms, weights);
            return;
        }

        int present = 0;
        int last = 0;
        for (int i = 0; i < Roles.Count; i++)
        {
            present += terms.Has(Roles[i]) ? 1 : 0;
            last = terms.Has(Roles[i]) ? i : last;
        }

        if (present == 1 && TakesOneAlone)
        {
            weights[last] = 1;
        }
        else
        {
            Weigh(terms, weights);
        }

        double total = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = terms.Has(Roles[i]) ? weights[i] : 0;
            total += Math.Abs(weights[i]);
        }

        double length = terms.LengthOfSum(Roles, weights);
        ThrowIfNoDirection(length, total);
        for (int i = 0; IsNormalized && i < weights.Length; i++)
        {
            weights[i] /= length;
        }
    }

    /// <summary>Composes the query vector, whose inner products with gallery rows are the scores.</summary>
    /// <param name="terms">The terms, all of roles that the strategy reads.</param>
    /// <returns>The vector; of unit length unless the strategy's formula says otherwise.</returns>
    /// <exception cref="InvalidTermsException">The terms are not those that the strategy reads.</exception>
    /// <exception cref="InvalidEmbeddingException">The query has no direction.</exception>
    public float[] Compose(TermSet terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ThrowIfTermsDoNotFit(terms.Has);
        Span<double> weights = stackalloc double[CountVectors(terms)];
        ComputeWeights(terms.Measure(), weights);
        using RentedArray<double> sum = new(terms.Dimensions), scaled = new(terms.Dimensions);
        sum.Span.Clear();
        EmbeddingMatrix? derived = DerivesVectors ? Vectors(terms).Matrix : null;
        for (int vector = 0; vector < weights.Length; vector++)
        {
            if (weights[vector] == 0)
            {
                continue;
            }

            ReadOnlySpan<float> values = derived is null ? terms.Vector(Roles[vector]).Values : derived[vector];
            double length = derived is null ? terms.Vector(Roles[vector]).Length : 1;
            TensorPrimitives.ConvertTruncating(values, scaled.Span);
            TensorPrimitives.Multiply(scaled.Span, length > 0 ? weights[vector] / length : 0, scaled.Span);
            TensorPrimitives.Add(sum.Span, scaled.Span, sum.Span);
        }

        float[] query = new float[terms.Dimensions];
        TensorPrimitives.ConvertTruncating<double, float>(sum.Span, query);
        return query;
    }
}
