using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Reads and encodes the images of a batch and their captions; takes from the gallery what it already has.</summary>
internal sealed class BuildEncoder(BuildKnowledge knowledge, IImageEncoder imageEncoder, ITextEncoder? textEncoder)
{
    private readonly Gallery _gallery = knowledge.Gallery;

    /// <summary>Computes every embedding that a batch needs. Images that cannot be used fail one by one.</summary>
    public async Task EncodeAsync(IReadOnlyList<BuildItem> items, CancellationToken cancellationToken)
    {
        foreach (BuildItem item in items.Where(item => item.Outcome == BuildOutcome.Pending))
        {
            cancellationToken.ThrowIfCancellationRequested();
            item.Read(knowledge);
        }

        await EachAsync(Pending(item => item.Image is not null), EncodeImagesAsync).ConfigureAwait(false);
        foreach (BuildItem item in Pending(item => item.Origin is not null))
        {
            float[] image = new float[_gallery.Dimensions];
            _gallery.CopyImage(item.OriginOrdinal, image);
            item.SetImageEmbedding(image);
        }

        foreach (BuildItem item in Pending(item => item.HasKnownCaptions))
        {
            item.CaptionEmbeddings = _gallery.CopyCaptions(item.OriginOrdinal).Memory;
        }

        await EachAsync(Pending(item => !item.HasKnownCaptions && item.Captions.Count > 0), EncodeCaptionsAsync).ConfigureAwait(false);

        List<BuildItem> Pending(Func<BuildItem, bool> predicate) => [.. items.Where(item => item.Outcome == BuildOutcome.Pending && predicate(item))];

        async Task EncodeImagesAsync(IReadOnlyList<BuildItem> batch)
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
                batch[error.Index!.Value].Fail(error.Message, spoilt: !error.IsOverLimit);
            }
        }

        async Task EncodeCaptionsAsync(IReadOnlyList<BuildItem> batch)
        {
            EmbeddingMatrix rows = await textEncoder!.EncodeAsync([.. batch.SelectMany(item => item.Captions)], cancellationToken).ConfigureAwait(false);
            int row = 0;
            foreach (BuildItem item in batch)
            {
                item.CaptionEmbeddings = rows.Memory.Slice(row * rows.Dimensions, item.Captions.Count * rows.Dimensions);
                row += item.Captions.Count;
            }
        }
    }

    // A model that writes no number for one image fails for its whole batch; one by one, only that image does.
    private static async Task EachAsync(List<BuildItem> items, Func<IReadOnlyList<BuildItem>, Task> encode)
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
            foreach (BuildItem item in items)
            {
                await EachAsync([item], encode).ConfigureAwait(false);
            }
        }
    }
}
