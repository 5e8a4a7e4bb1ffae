using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>Encodes images and texts together: what the encoders of images, of texts and of both share.</summary>
/// <remarks>Thread-safe. Disposing waits for the runs in flight; a call that has more to do then ends with <see cref="ObjectDisposedException"/>.</remarks>
internal sealed class JointEncoder(Type owner, JointModel model, JointTextGraph text, VisionEncoder? vision, int batchSize) : IDisposable
{
    private readonly JointLoad _load = new();
    private volatile bool _disposed;

    /// <summary>What the graphs were given so far.</summary>
    public EncodingLoad Load => _load.Current;

    /// <summary>The components of an embedding.</summary>
    public int Dimensions => model.Dimensions;

    /// <summary>Encodes inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="role">What they are encoded for.</param>
    /// <param name="cuts">Whether a text that is too long is cut instead of refused.</param>
    /// <param name="destination">Room for their embeddings.</param>
    /// <param name="cancellationToken">Stops the work between runs.</param>
    /// <param name="bad">Takes what is wrong with each bad image, by input, whose row becomes zeros; without it the first one ends the call.</param>
    /// <exception cref="InvalidComposedInputException">An input is too long, or spells what stands for an image, sound or video.</exception>
    /// <exception cref="InvalidImageException">An image is bad; its index is that of the input.</exception>
    public void Encode(
        IReadOnlyList<ComposedInput> inputs, EncodingRole role, bool cuts, Span<float> destination, CancellationToken cancellationToken, List<InvalidImageException>? bad = null)
    {
        float[] rows = new float[destination.Length];

        // Soft tokens are large, ids are not: more texts at once leave more of one length for a run.
        bool hasImages = inputs.Any(input => input.Parts.Any(part => part.Image is not null));
        int window = hasImages ? batchSize : 64 * batchSize;
        for (int start = 0; start < inputs.Count; start += window)
        {
            JointRow[] prepared = Prepare(inputs, start, Math.Min(window, inputs.Count - start), role, cuts, cancellationToken, bad);
            _load.AddIds(prepared.Sum(row => (long)row.Ids.Length));
            text.Encode(prepared, (row, embedding) => Write(row, embedding, rows), cancellationToken);
        }

        rows.CopyTo(destination);
    }

    /// <summary>Turns some of the inputs into what the text graph takes.</summary>
    public JointRow[] Prepare(
        IReadOnlyList<ComposedInput> inputs, int start, int count, EncodingRole role, bool cuts, CancellationToken cancellationToken, List<InvalidImageException>? bad = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, owner);
        int[] chosen = [.. Enumerable.Range(start, count)];
        Array.ForEach(chosen, i => CheckMarks(inputs[i], i));
        ImageTokens?[][] images = SoftTokensOf(inputs, chosen, bad, cancellationToken);
        int[] ids = new int[model.Feed.ContextLength];
        return [.. chosen.Zip(images).Where(item => !item.Second.Contains(null)).Select(item => RowOf(inputs[item.First], item.First, item.Second!, role, cuts, ids))];
    }

    /// <summary>Releases the graphs, after the runs in flight.</summary>
    public void Dispose()
    {
        _disposed = true;
        text.Dispose();
        vision?.Dispose();
    }

    private ImageTokens?[][] SoftTokensOf(IReadOnlyList<ComposedInput> inputs, int[] chosen, List<InvalidImageException>? bad, CancellationToken cancellationToken)
    {
        (ImageData Image, int Input)[] images = [.. chosen.SelectMany(i => inputs[i].Parts.Select(part => part.Image).OfType<ImageData>().Select(image => (image, i)))];
        if (images.Length == 0)
        {
            return [.. chosen.Select(_ => Array.Empty<ImageTokens?>())];
        }

        if (vision is null)
        {
            throw new InvalidModelException($"The model folder '{model.Feed.Folder}' has no vision encoder: it is a text encoder and cannot read images.");
        }

        try
        {
            List<InvalidImageException>? found = bad is null ? null : [];
            ImageTokens?[] tokens = vision.Encode([.. images.Select(image => image.Image)], found, _load, cancellationToken);
            bad?.AddRange(found!.Select(e => AtInput(e, images)));
            ILookup<int, ImageTokens?> byInput = images.Zip(tokens).ToLookup(pair => pair.First.Input, pair => pair.Second);
            return [.. chosen.Select(i => byInput[i].ToArray())];
        }
        catch (InvalidImageException e) when (e.Index is not null)
        {
            throw AtInput(e, images);
        }
    }

    private static InvalidImageException AtInput(InvalidImageException e, (ImageData Image, int Input)[] images) => new(e.Message, e) { Index = images[e.Index!.Value].Input };

    private JointRow RowOf(ComposedInput input, int index, ImageTokens[] images, EncodingRole role, bool cuts, int[] buffer)
    {
        int length = model.Encode(Spell(input, images), role, buffer, out bool truncated);
        if (truncated && (!cuts || images.Length > 0))
        {
            throw new InvalidComposedInputException(
                $"Input {index} has more than the {model.Feed.ContextLength} ids that the model reads, {images.Sum(image => image.Count)} of them for {images.Length} images. "
                + $"Shorten the text, give fewer images, or lower {nameof(OnnxModelOptions)}.{nameof(OnnxModelOptions.SoftTokens)}.")
            {
                Index = index,
            };
        }

        int[] ids = buffer[..length];
        int places = ids.Count(id => id == model.ImageId);
        int expected = images.Sum(image => image.Count);
        return places == expected
            ? new JointRow(index, ids, images)
            : throw new InvalidComposedInputException(
                $"Input {index} has {places} places of soft tokens for the {expected} of its {images.Length} images: "
                + $"its texts spell '{model.Settings.Marks.Place}' across parts. Leave it out.")
            {
                Index = index,
            };
    }

    private string Spell(ComposedInput input, ImageTokens[] images)
    {
        JointMarks marks = model.Settings.Marks;
        StringBuilder spelled = new();
        int image = 0;
        foreach (ComposedPart part in input.Parts)
        {
            if (part.Text is { } words)
            {
                spelled.Append(words);
            }
            else
            {
                spelled.Append(marks.Begin).Insert(spelled.Length, marks.Place, images[image++].Count).Append(marks.End);
            }
        }

        return spelled.ToString();
    }

    private void CheckMarks(ComposedInput input, int index)
    {
        JointMarks marks = model.Settings.Marks;
        foreach (string words in input.Parts.Select(part => part.Text).OfType<string>())
        {
            if (words.Contains(marks.Place, StringComparison.Ordinal))
            {
                throw new InvalidComposedInputException(
                    $"A text of input {index} has '{marks.Place}', the place of an image, but no image stands there. Give images as parts of their own, and the text without it.")
                {
                    Index = index,
                };
            }

            if (marks.Unread.FirstOrDefault(mark => words.Contains(mark, StringComparison.Ordinal)) is { } unread)
            {
                throw new InvalidComposedInputException(
                    $"A text of input {index} has '{unread}', the place of sound or video, which are not read here. Give texts and images only.")
                {
                    Index = index,
                };
            }
        }
    }

    private void Write(JointRow row, ReadOnlySpan<float> embedding, float[] rows)
    {
        Span<float> destination = rows.AsSpan(row.Input * Dimensions, Dimensions);
        RowChecks.ThrowIfNotFinite(embedding, "input", row.Input, null);
        if (Dimensions == embedding.Length)
        {
            embedding.CopyTo(destination);
        }
        else
        {
            UnitVector.Normalize(embedding[..Dimensions], destination);
        }
    }
}
