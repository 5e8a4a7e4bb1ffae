using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Saves galleries that were made in memory.</summary>
public static class GallerySaving
{
    /// <summary>Writes a gallery into a folder, to be opened by <see cref="Gallery.Open"/>: all of it or nothing.</summary>
    /// <param name="gallery">The gallery; removed items are left out.</param>
    /// <param name="folder">The folder; may not exist, and must not hold a gallery.</param>
    /// <param name="options">What is stored beside the embeddings; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops the work; nothing is committed then.</param>
    /// <returns>The gallery of the folder: the same ids, captions, metadata and, but for the rounding of their lengths, embeddings.</returns>
    /// <exception cref="InvalidGalleryException">The folder holds a gallery already, or nobody said which model the embeddings are of.</exception>
    /// <exception cref="GalleryLockedException">Somebody else is writing to the folder.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static Gallery Save(this Gallery gallery, string folder, GalleryWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        GalleryModel model = gallery.Model
            ?? throw new InvalidGalleryException("Nobody said which encoders the gallery's embeddings are of, and a folder keeps that. Give FromEmbeddings a model.");
        using GalleryWriter writer = GalleryWriter.Open(folder, model, options);
        if (writer.Committed.OrdinalCount > 0)
        {
            throw new InvalidGalleryException(
                $"The folder '{folder}' holds a gallery of {writer.Committed.Count} images already. "
                + "Save to another folder, or add to that one by a GalleryWriter.");
        }

        for (int ordinal = 0; ordinal < gallery.OrdinalCount; ordinal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!gallery.IsRemoved(ordinal))
            {
                writer.Add(Entry(gallery, ordinal));
            }
        }

        writer.Commit();
        return writer.Committed;
    }

    private static GalleryEntry Entry(Gallery gallery, int ordinal)
    {
        GalleryItem item = gallery.ItemAt(ordinal);
        float[] image = new float[gallery.Dimensions];
        gallery.CopyImage(ordinal, image);
        EmbeddingMatrix captions = gallery.CopyCaptions(ordinal);
        return new GalleryEntry(item.Id, image) { Captions = item.Captions, CaptionEmbeddings = captions.Memory, Metadata = item.Metadata };
    }
}
