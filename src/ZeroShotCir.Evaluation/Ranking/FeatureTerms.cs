using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The terms of one query, from the features of a data set.</summary>
/// <param name="features">The features.</param>
/// <param name="captions">Which captions images have.</param>
/// <param name="missing">How an image without captions is treated.</param>
/// <param name="evidence">What becomes of a query that lacks evidence.</param>
/// <param name="transform">The space; <see langword="null"/> for the encoders' own.</param>
/// <param name="searched">The items that a query is compared with.</param>
internal sealed class FeatureTerms(
    EvaluationFeatures features, OwnCaptions captions, MissingCaptions missing, MissingEvidence evidence, SpaceTransform? transform, Func<ResolvedQuery, SearchedItems> searched)
{
    /// <summary>The terms of a query on its path to the captions at a position.</summary>
    /// <param name="query">The query.</param>
    /// <param name="terms">Its terms on the path to the images.</param>
    /// <param name="caption">Which caption of the reference takes its place, from 0.</param>
    /// <returns>The terms; <see langword="null"/> where the reference has fewer captions.</returns>
    public TermSet? ForCaption(ResolvedQuery query, TermSet terms, int caption)
    {
        if (caption >= captions.CountOfReference(query.ReferenceRow))
        {
            return null;
        }

        return IsBare(query) || !terms.Has(TermRole.Image)
            ? terms
            : terms.WithFirst(TermRole.Image, Transformed(features.Captions[caption][query.ReferenceRow], TermRole.Text));
    }

    /// <summary>The terms of a query on its path to the images.</summary>
    /// <param name="query">The query.</param>
    /// <param name="roles">The roles that are read.</param>
    /// <param name="required">Those of them without which a strategy is refused.</param>
    public TermSet ForImages(ResolvedQuery query, HashSet<TermRole> roles, HashSet<TermRole> required)
    {
        TermSet terms = new(features.Dimensions) { Searched = searched(query) };
        if (roles.Contains(TermRole.Image))
        {
            Add(terms, TermRole.Image, features.Images[query.ReferenceRow], TermRole.Image);
        }

        if (roles.Contains(TermRole.Text))
        {
            Add(terms, TermRole.Text, features.Texts[query.Position], TermRole.Text);
        }

        TermSet? others = features.Terms?[query.Position];
        if (roles.Contains(TermRole.Composed) && others?.Has(TermRole.Composed) != true)
        {
            EmbeddingMatrix composed = features.ComposedQueries ?? throw new ArgumentException(
                "The strategy reads image and text together, and the features hold no composed queries. "
                + "Encode them by a model that composes (FeatureEncoderOptions.ComposedEncoder), or choose another strategy.");
            Add(terms, TermRole.Composed, composed[query.Position], TermRole.Composed);
        }

        if (roles.Contains(TermRole.ReferenceDescription) && others?.Has(TermRole.ReferenceDescription) != true)
        {
            Describe(query, terms);
        }

        if (roles.Contains(TermRole.TargetDescription) && others?.Has(TermRole.TargetDescription) != true && !(CanDoWithout(required) && HasOthers(others, roles)))
        {
            DescribeTarget(query, terms);
        }

        return others is null ? terms : terms.Add(others.Where(roles.Contains).Transform(transform));
    }

    // Such as rocchio, which reads a description, liked and disliked images, each where it is there.
    private bool CanDoWithout(HashSet<TermRole> required)
        => !required.Contains(TermRole.TargetDescription) && features.TargetDescriptions is null && evidence == MissingEvidence.Refuse;

    private static bool HasOthers(TermSet? others, HashSet<TermRole> roles)
        => others is not null && roles.Any(role => role is not (TermRole.Image or TermRole.Text or TermRole.TargetDescription) && others.Has(role));

    private bool IsBare(ResolvedQuery query) => missing == MissingCaptions.ImageOnly && captions.IsWithout(query.ReferenceRow);

    private void Describe(ResolvedQuery query, TermSet terms)
    {
        if (features.Captions.Count == 0)
        {
            throw new ArgumentException(
                "The strategy needs a description of the reference, but the features hold no captions. Give captions, or choose another strategy.");
        }

        if (IsBare(query))
        {
            if (evidence == MissingEvidence.Refuse)
            {
                throw new ArgumentException(
                    $"The strategy needs a description of the reference, but '{features.GalleryNames[query.ReferenceRow]}' has no captions. "
                    + "Caption it, let the empty text stand in, or allow stand-ins.");
            }

            Add(terms, TermRole.ReferenceDescription, features.Images[query.ReferenceRow], TermRole.Image);
            return;
        }

        int count = captions.CountOfReference(query.ReferenceRow);
        for (int j = 0; j < count; j++)
        {
            Add(terms, TermRole.ReferenceDescription, features.Captions[j][query.ReferenceRow], TermRole.Text);
        }
    }

    private void DescribeTarget(ResolvedQuery query, TermSet terms)
    {
        if (features.TargetDescriptions is { } given)
        {
            Add(terms, TermRole.TargetDescription, given[query.Position], TermRole.Text);
            return;
        }

        if (evidence == MissingEvidence.Refuse)
        {
            throw new ArgumentException(
                "The strategy needs descriptions of the targets, and there are none. Give some (cir compose writes them), allow stand-ins, or choose another strategy.");
        }

        TermSet described = new(features.Dimensions);
        Describe(query, described);
        float[] description = new float[features.Dimensions];
        described.CopyDirection(TermRole.ReferenceDescription, description);
        terms.Add(TermRole.TargetDescription, description);
        Add(terms, TermRole.TargetDescription, features.Texts[query.Position], TermRole.Text);
    }

    private void Add(TermSet terms, TermRole role, ReadOnlySpan<float> embedding, TermRole modality) => terms.Add(role, Transformed(embedding, modality));

    private ReadOnlySpan<float> Transformed(ReadOnlySpan<float> embedding, TermRole modality)
    {
        if (transform is null)
        {
            return embedding;
        }

        float[] transformed = new float[embedding.Length];
        transform.Transform(modality, embedding, transformed);
        return transformed;
    }
}
