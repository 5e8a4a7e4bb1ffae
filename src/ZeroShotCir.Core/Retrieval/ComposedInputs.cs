using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Has the images and texts of those queries encoded together whose strategy reads that. Thread-safe as far as encoder and pictures are.</summary>
internal sealed class ComposedInputs(ReferenceItems references, IComposedEncoder? encoder, IImageSource? pictures)
{
    /// <summary>Adds the composed embedding to the terms of those queries that read one and bring none.</summary>
    /// <exception cref="InvalidQueryException">A query has what cannot be read together, or there is nobody to read it.</exception>
    public async ValueTask CompleteAsync(IEnumerable<QueryEntry> queries, CancellationToken cancellationToken)
    {
        QueryEntry[] entries = [.. queries.Where(entry => entry.Strategy.Roles.Contains(TermRole.Composed) && entry.Terms.All(term => term.Role != TermRole.Composed))];
        if (entries.Length == 0)
        {
            return;
        }

        Dictionary<string, ImageData> seen = new(StringComparer.Ordinal);
        List<ComposedInput> inputs = [];
        foreach (QueryEntry entry in entries)
        {
            inputs.Add(await JoinAsync(entry.Strategy, entry.Terms, seen, cancellationToken).ConfigureAwait(false));
        }

        int dimensions = encoder!.Info.Dimensions;
        float[] rows = new float[inputs.Count * dimensions];
        await encoder.EncodeAsync(inputs, EncodingRole.Query, rows, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i].Terms = [.. entries[i].Terms, new EvidenceTerm(TermRole.Composed, 1) { Embedding = rows.AsMemory(i * dimensions, dimensions) }];
        }
    }

    private async ValueTask<ComposedInput> JoinAsync(
        CompositionStrategy strategy, IReadOnlyList<EvidenceTerm> terms, Dictionary<string, ImageData> seen, CancellationToken cancellationToken)
    {
        if (encoder is null)
        {
            throw new InvalidQueryException(
                $"The strategy '{strategy.Name}' has image and text read together, and the retriever was made without a composed encoder. "
                + "Give one of a model that composes (IComposedEncoder), or choose another strategy, such as weighted.");
        }

        List<ComposedPart> parts = [];
        foreach (EvidenceTerm term in terms.Where(term => term.Role is TermRole.Image or TermRole.Text))
        {
            if (term.Weight != 1)
            {
                throw new InvalidQueryException(
                    FormattableString.Invariant($"The strategy '{strategy.Name}' has images and texts read together, where a weight of {term.Weight} means nothing. ")
                    + "Leave weights and signs out, or choose another strategy, such as arithmetic.");
            }

            parts.Add(term.Texts switch
            {
                [] => ComposedPart.FromImage(await PictureOf(strategy, term, seen, cancellationToken).ConfigureAwait(false)),
                [var text] => ComposedPart.FromText(text),
                _ => throw new InvalidQueryException(
                    $"The strategy '{strategy.Name}' has images and texts read together, and the text recipe writes {term.Texts.Count} texts. Choose one that writes one."),
            });
        }

        return parts.Count > 0
            ? new ComposedInput(parts)
            : throw new InvalidQueryException(
                $"The strategy '{strategy.Name}' has images and texts read together, and the query has neither. Give a reference image, a text, or both.");
    }

    private async ValueTask<ImageData> PictureOf(CompositionStrategy strategy, EvidenceTerm term, Dictionary<string, ImageData> seen, CancellationToken cancellationToken)
    {
        if (term.Image is { } image)
        {
            return image;
        }

        if (term.ItemId is not { } id)
        {
            throw new InvalidQueryException(
                $"The strategy '{strategy.Name}' reads pictures, not their embeddings. Give the reference as an image, or by its id with a source of pictures.");
        }

        if (!seen.TryGetValue(id, out ImageData? picture))
        {
            _ = references.TextsOf(id); // An unknown id is said to be that.
            picture = (pictures is null ? null : await pictures.GetImageAsync(id, cancellationToken).ConfigureAwait(false)) ?? throw new InvalidQueryException(
                $"The strategy '{strategy.Name}' reads the picture of '{id}', "
                + $"and {(pictures is null ? "the retriever was made without a source of pictures" : "the source of pictures has none")}. "
                + "Give an IImageSource that has it, or the picture itself as Image.");
            seen.Add(id, picture);
        }

        return picture;
    }
}
