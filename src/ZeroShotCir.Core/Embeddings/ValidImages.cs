using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>Finds the bad images of a batch by an encoder that only says that there is one.</summary>
internal static class ValidImages
{
    public static async ValueTask<IReadOnlyList<InvalidImageException>> EncodeAsync(
        IImageEncoder encoder, IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        int dimensions = encoder.Info.Dimensions;
        if (destination.Length != (long)images.Count * dimensions)
        {
            throw new ArgumentException(
                $"{images.Count} images of {dimensions} dimensions need {(long)images.Count * dimensions} numbers; "
                + $"the destination has {destination.Length}.", nameof(destination));
        }

        List<InvalidImageException> failures = [];
        await EncodeRangeAsync(encoder, images, 0, images.Count, destination, failures, cancellationToken).ConfigureAwait(false);
        return failures;
    }

    /// <summary>Encodes the images from <paramref name="start"/> to <paramref name="end"/>; what an encoder reports splits them.</summary>
    private static async ValueTask EncodeRangeAsync(
        IImageEncoder encoder,
        IReadOnlyList<ImageData> images,
        int start,
        int end,
        Memory<float> destination,
        List<InvalidImageException> failures,
        CancellationToken cancellationToken)
    {
        int dimensions = encoder.Info.Dimensions;
        while (start < end)
        {
            try
            {
                IReadOnlyList<ImageData> range = start == 0 && end == images.Count ? images : [.. Enumerable.Range(start, end - start).Select(i => images[i])];
                await encoder.EncodeAsync(range, destination[(start * dimensions)..(end * dimensions)], cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (InvalidImageException e)
            {
                // One that does not say which image is bad is asked about half of them, and half of these, until one is left.
                int? named = end - start == 1 ? start : e.Index is { } index && index >= 0 && index < end - start ? start + index : null;
                int bad = named ?? start + ((end - start) / 2);
                await EncodeRangeAsync(encoder, images, start, bad, destination, failures, cancellationToken).ConfigureAwait(false);
                start = bad;
                if (named is not null)
                {
                    destination.Slice(bad * dimensions, dimensions).Span.Clear();
                    failures.Add(e.Index == bad ? e : new InvalidImageException(e.Message, e) { Index = bad });
                    start++;
                }
            }
        }
    }
}
