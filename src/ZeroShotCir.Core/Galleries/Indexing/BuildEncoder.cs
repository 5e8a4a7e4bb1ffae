using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Reads and encodes the images of a batch and their captions; takes from the gallery what it already has.</summary>
internal sealed class BuildEncoder(BuildKnowledge knowledge, IImageEncoder imageEncoder, ITextEncoder? textEncoder)
{
    private readonly Gallery _gallery = knowledge.Gallery;
    private readonly EncodedContents _contents = new(imageEncoder.Info.Dimensions);

    /// <summary>Computes every embedding that a batch needs. Images that cannot be used fail one by one.</summary>
    public async Task EncodeAsync(IReadOnlyList<IncomingImage> items, CancellationToken cancellationToken)
    {
        foreach (IncomingImage item in items.Where(item => item.Outcome == BuildOutcome.Pending))
        {
            cancellationToken.ThrowIfCancellationRequested();
            item.Read(knowledge);
        }

        await EncodeContentsAsync(Pending(item => item.Image is not null)).ConfigureAwait(false);
        foreach (IncomingImage item in Pending(item => item.Origin is not null))
        {
            float[] image = new float[_gallery.Dimensions];
            _gallery.CopyImage(item.OriginOrdinal, image);
            item.SetImageEmbedding(image);
        }

        foreach (IncomingImage item in Pending(item => item.HasKnownCaptions))
        {
            item.CaptionEmbeddings = _gallery.CopyCaptions(item.OriginOrdinal).Memory;
        }

        await EachAsync(Pending(item => !item.HasKnownCaptions && item.Captions.Count > 0), EncodeCaptionsAsync).ConfigureAwait(false);

        List<IncomingImage> Pending(Func<IncomingImage, bool> predicate) => [.. items.Where(item => item.Outcome == BuildOutcome.Pending && predicate(item))];

        async Task EncodeContentsAsync(List<IncomingImage> images)
        {
            List<IncomingImage> first = [], alone = [];
            List<(IncomingImage Item, Task<ReadOnlyMemory<float>?> Earlier)> copies = [];
            foreach (IncomingImage item in images)
            {
                if (_contents.TryBegin(item.Stamp!.Sha256, out Task<ReadOnlyMemory<float>?>? earlier))
                {
                    first.Add(item);
                }
                else
                {
                    copies.Add((item, earlier!));
                }
            }

            try
            {
                await EachAsync(first, EncodeImagesAsync).ConfigureAwait(false);
            }
            finally
            {
                // Whatever came of it: others wait for it.
                foreach (IncomingImage item in first)
                {
                    _contents.End(item.Stamp!.Sha256, item.Outcome == BuildOutcome.Pending && item.Image is null ? item.ImageEmbedding : default(ReadOnlyMemory<float>?));
                }
            }

            // Only now, so that of two batches that hold copies of each other's pictures neither waits for ever.
            foreach ((IncomingImage item, Task<ReadOnlyMemory<float>?> earlier) in copies)
            {
                if (await earlier.ConfigureAwait(false) is { } embedding)
                {
                    item.SetImageEmbedding(embedding);
                }
                else
                {
                    alone.Add(item);
                }
            }

            await EachAsync(alone, EncodeImagesAsync).ConfigureAwait(false);
        }

        async Task EncodeImagesAsync(IReadOnlyList<IncomingImage> batch)
        {
            int dimensions = imageEncoder.Info.Dimensions;
            float[] rows = new float[batch.Count * dimensions];
            IReadOnlyList<InvalidImageException> bad = await imageEncoder.EncodeValidAsync(
                [.. batch.Select(item => item.Image!)], rows, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].SetImageEmbedding(rows.AsMemory(i * dimensions, dimensions));
            }

            foreach (InvalidImageException error in bad)
            {
                batch[error.Index!.Value].Fail(error);
            }
        }

        async Task EncodeCaptionsAsync(IReadOnlyList<IncomingImage> batch)
        {
            EmbeddingMatrix rows = await textEncoder!.EncodeAsync([.. batch.SelectMany(item => item.Captions)], cancellationToken).ConfigureAwait(false);
            int row = 0;
            foreach (IncomingImage item in batch)
            {
                item.CaptionEmbeddings = rows.Memory.Slice(row * rows.Dimensions, item.Captions.Count * rows.Dimensions);
                row += item.Captions.Count;
            }
        }
    }

    // A model that writes no number for one image fails for its whole batch; one by one, only that image does.
    private static async Task EachAsync(List<IncomingImage> items, Func<IReadOnlyList<IncomingImage>, Task> encode)
    {
        if (items.Count == 0)
        {
            return;
        }

        try
        {
            await encode(items).ConfigureAwait(false);
        }
        catch (InvalidEmbeddingException e) when (items.Count == 1)
        {
            items[0].Fail(e.Message, spoilt: true);
        }
        catch (InvalidEmbeddingException)
        {
            foreach (IncomingImage item in items)
            {
                await EachAsync([item], encode).ConfigureAwait(false);
            }
        }
    }
}
