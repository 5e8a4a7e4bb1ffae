using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Composition;

/// <summary>Composes by arithmetic what a model encodes apart: the weighted sum of the images and the texts of an input.</summary>
/// <remarks>
/// Serves concurrent callers as far as both encoders do, and disposes neither. Several images count as their mean; texts are
/// joined in their order with nothing between them. An input that has only one of both is that one alone.
/// </remarks>
public sealed class TwoTowerComposedEncoder : IComposedEncoder
{
    private readonly IImageEncoder _images;
    private readonly ITextEncoder _texts;
    private readonly LinearStrategy _sum;

    private TwoTowerComposedEncoder(IImageEncoder imageEncoder, ITextEncoder textEncoder, CompositionKind kind, CompositionStrategy sum)
    {
        ArgumentNullException.ThrowIfNull(imageEncoder);
        ArgumentNullException.ThrowIfNull(textEncoder);
        EmbeddingGuard.ThrowIfDimensionsDiffer(textEncoder.Info.Dimensions, imageEncoder.Info.Dimensions, $"The text encoder '{textEncoder.Info.ModelId}'");
        _images = imageEncoder;
        _texts = textEncoder;
        _sum = (LinearStrategy)sum;
        Kind = kind;
        Info = new EncoderInfo(
            FormattableString.Invariant($"{imageEncoder.Info.ModelId}+{textEncoder.Info.ModelId}:{(sum.NormalizeInputs ? "unit" : "raw")},{sum.Alpha}"),
            imageEncoder.Info.Dimensions,
            isUnitLength: true)
        {
            Space = imageEncoder.Info.Space,
            Reading = imageEncoder.Info.Reading,
        };
    }

    /// <inheritdoc/>
    public EncoderInfo Info { get; }

    /// <inheritdoc/>
    public CompositionKind Kind { get; }

    /// <summary>Composes as the strategy <c>weighted</c> does, for a model that keeps images and texts apart.</summary>
    /// <param name="imageEncoder">Encodes images.</param>
    /// <param name="textEncoder">Encodes texts, into the same space.</param>
    /// <param name="alpha">The weight of the text, in [0, 1].</param>
    /// <returns>The encoder, of the kind <see cref="CompositionKind.Separate"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException">The encoders write different dimensions.</exception>
    public static TwoTowerComposedEncoder Weighted(IImageEncoder imageEncoder, ITextEncoder textEncoder, double alpha = StrategyArguments.DefaultAlpha)
        => new(imageEncoder, textEncoder, CompositionKind.Separate, CompositionStrategy.Weighted.WithAlpha(alpha));

    /// <summary>Composes by the sum of both embeddings as the model writes them, which is how models such as BGE-VL are trained to be asked.</summary>
    /// <param name="imageEncoder">Encodes images.</param>
    /// <param name="textEncoder">Encodes texts, into the same space.</param>
    /// <returns>The encoder, of the kind <see cref="CompositionKind.Averaged"/>.</returns>
    /// <exception cref="InvalidEmbeddingException">The encoders write different dimensions.</exception>
    public static TwoTowerComposedEncoder Sum(IImageEncoder imageEncoder, ITextEncoder textEncoder)
        => new(imageEncoder, textEncoder, CompositionKind.Averaged, CompositionStrategy.Weighted.WithAlpha(0.5).WithNormalizedInputs(false));

    /// <inheritdoc/>
    public async ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (destination.Length != (long)inputs.Count * Info.Dimensions)
        {
            throw new ArgumentException(
                $"{inputs.Count} inputs of {Info.Dimensions} dimensions need {(long)inputs.Count * Info.Dimensions} numbers; "
                + $"the destination has {destination.Length}.", nameof(destination));
        }

        (ImageData Image, int Input)[] images = [.. inputs.SelectMany((input, i) => input.Parts.Select(part => part.Image).OfType<ImageData>().Select(image => (image, i)))];
        (string Text, int Input)[] texts = [.. inputs.Select((input, i) => (TextOf(input), i)).Where(text => text.Item1 is not null).Select(text => (text.Item1!, text.i))];
        EmbeddingMatrix imageRows = await EncodeImagesAsync(images, cancellationToken).ConfigureAwait(false);
        EmbeddingMatrix textRows = await _texts.EncodeAsync([.. texts.Select(text => text.Text)], cancellationToken).ConfigureAwait(false);
        TermSet[] terms = [.. inputs.Select(_ => new TermSet(Info.Dimensions))];
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, images.Length).GroupBy(row => images[row].Input))
        {
            AddImages(terms[rows.Key], imageRows, [.. rows]);
        }

        for (int row = 0; row < texts.Length; row++)
        {
            terms[texts[row].Input].Add(TermRole.Text, textRows[row]);
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            _sum.Compose(terms[i]).CopyTo(destination.Slice(i * Info.Dimensions, Info.Dimensions));
        }
    }

    private void AddImages(TermSet terms, EmbeddingMatrix images, int[] rows)
    {
        if (_sum.NormalizeInputs)
        {
            Array.ForEach(rows, row => terms.Add(TermRole.Image, images[row]));
            return;
        }

        // A sum of embeddings as they are: several images count as one of their mean, whose length is kept, too.
        float[] mean = new float[images.Dimensions];
        foreach (int row in rows)
        {
            TensorPrimitives.MultiplyAdd(images[row], 1f / rows.Length, mean, mean);
        }

        terms.Add(TermRole.Image, mean);
    }

    private static string? TextOf(ComposedInput input)
    {
        string text = string.Concat(input.Parts.Select(part => part.Text));
        return input.Parts.All(part => part.Text is null) ? null : text;
    }

    private async ValueTask<EmbeddingMatrix> EncodeImagesAsync((ImageData Image, int Input)[] images, CancellationToken cancellationToken)
    {
        try
        {
            return await _images.EncodeAsync([.. images.Select(image => image.Image)], cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidImageException e) when (e.Index is { } index)
        {
            throw new InvalidImageException(e.Message, e) { Index = images[index].Input };
        }
    }
}
