using ZeroShotCir.Composition;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>A further piece of evidence of a <see cref="ComposedQuery"/>: an image or a text with a weight.</summary>
public sealed class QueryTerm
{
    private QueryTerm(TermRole role, double weight)
    {
        if (!double.IsFinite(weight) || weight == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a term must be a finite number other than 0. Leave out what should not count.");
        }

        Role = role;
        Weight = weight;
    }

    /// <summary>What it says about the image that is searched for.</summary>
    public TermRole Role { get; }

    /// <summary>Its weight beside other terms of the role; negative to push the query away from it.</summary>
    public double Weight { get; }

    /// <summary>The text, where it is one.</summary>
    public string? Text { get; private init; }

    /// <summary>The image, where it is given as one.</summary>
    public ImageData? Image { get; private init; }

    /// <summary>The id of an image of the gallery, where it is given by that.</summary>
    public string? ItemId { get; private init; }

    /// <summary>The raw embedding, where it is given as one.</summary>
    public ReadOnlyMemory<float> Embedding { get; private init; }

    /// <summary>A text.</summary>
    /// <param name="text">The text; not blank.</param>
    /// <param name="weight">Its weight; negative to push the query away from it, not 0.</param>
    /// <param name="role">What it says.</param>
    /// <returns>The term.</returns>
    /// <exception cref="ArgumentException">The text is blank, or the role is that of an image.</exception>
    public static QueryTerm FromText(string text, double weight = 1, TermRole role = TermRole.Text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return TermSet.IsImage(role)
            ? throw new ArgumentException($"A text cannot have the role {role}, which is an image's.", nameof(role))
            : new QueryTerm(role, weight) { Text = text };
    }

    /// <summary>An image: a further reference, such as the reference as a program of the caller's edited it, or one that is liked or not.</summary>
    /// <param name="image">The image.</param>
    /// <param name="weight">Its weight; negative to push the query away from it, not 0.</param>
    /// <param name="role">What it says.</param>
    /// <returns>The term.</returns>
    /// <exception cref="ArgumentException">The role is that of a text.</exception>
    public static QueryTerm FromImage(ImageData image, double weight = 1, TermRole role = TermRole.Image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new QueryTerm(ImageRole(role), weight) { Image = image };
    }

    /// <summary>An image that is in the gallery: nothing is decoded or encoded.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="weight">Its weight; negative to push the query away from it, not 0.</param>
    /// <param name="role">What it says.</param>
    /// <returns>The term.</returns>
    /// <exception cref="ArgumentException">The id is empty, or the role is that of a text.</exception>
    public static QueryTerm FromItem(string id, double weight = 1, TermRole role = TermRole.Image)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new QueryTerm(ImageRole(role), weight) { ItemId = id };
    }

    /// <summary>Anything that was encoded before.</summary>
    /// <param name="role">What it says.</param>
    /// <param name="embedding">The raw embedding, of the gallery's dimension.</param>
    /// <param name="weight">Its weight; negative to push the query away from it, not 0.</param>
    /// <returns>The term.</returns>
    /// <exception cref="ArgumentException">The embedding is empty.</exception>
    public static QueryTerm FromEmbedding(TermRole role, ReadOnlyMemory<float> embedding, double weight = 1) => embedding.IsEmpty
        ? throw new ArgumentException("The embedding is empty.", nameof(embedding))
        : new QueryTerm(role, weight) { Embedding = embedding };

    private static TermRole ImageRole(TermRole role) => TermSet.IsImage(role)
        ? role
        : throw new ArgumentException($"An image cannot have the role {role}; expected {TermRole.Image}, {TermRole.Liked} or {TermRole.Disliked}.", nameof(role));
}
