namespace ZeroShotCir.Composition;

/// <summary>The weighted sum that constraints and feedback start from, and the mean similarity to several texts or images of a role.</summary>
internal static class StartingSum
{
    /// <summary>The weights of the directions of image and text in a query of unit length.</summary>
    public static (double Image, double Text) Weights(CompositionStrategy strategy, TermGeometry terms)
    {
        bool hasImage = terms.Has(TermRole.Image);
        bool hasText = terms.Has(TermRole.Text);
        if (!hasImage && !hasText)
        {
            throw new InvalidTermsException($"The strategy '{strategy.Name}' starts from an image or a text, and the query has neither. Give one of them.");
        }

        double image = hasText ? 1 - strategy.Alpha : 1;
        double text = hasImage ? strategy.Alpha : 1;
        image = hasImage ? image : 0;
        text = hasText ? text : 0;
        double length = terms.LengthOfSum([TermRole.Image, TermRole.Text], [image, text]);
        strategy.ThrowIfNoDirection(length, image + text);
        return (image / length, text / length);
    }

    /// <summary>Composes the weighted sum, of unit length.</summary>
    public static void Compose(CompositionStrategy strategy, TermSet terms, Span<float> query)
    {
        (double imageWeight, double textWeight) = Weights(strategy, terms.Measure());
        double[] sum = new double[query.Length];
        Add(TermRole.Image, imageWeight, query);
        Add(TermRole.Text, textWeight, query);
        for (int i = 0; i < query.Length; i++)
        {
            query[i] = (float)sum[i];
        }

        void Add(TermRole role, double weight, Span<float> direction)
        {
            if (weight == 0)
            {
                return;
            }

            terms.CopyDirection(role, direction);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * direction[i];
            }
        }
    }

    /// <summary>What the similarity to the direction of a role's texts is multiplied by to be the mean of the similarities to each.</summary>
    public static double MeanScale(TermGeometry terms, TermRole role) => terms.TotalWeight(role) > 0 ? terms.Magnitude(role) / terms.TotalWeight(role) : 0;
}
