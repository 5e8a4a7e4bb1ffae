using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Galleries;

public sealed partial class Gallery
{
    /// <summary>Copies an item's raw image embedding: the encoder's output, but for the rounding of its length.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <param name="embedding">Receives <see cref="Dimensions"/> numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="embedding"/> has another length.</exception>
    public void CopyImage(int ordinal, Span<float> embedding)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        EmbeddingGuard.ThrowIfDimensionsDiffer(embedding.Length, Dimensions, "The destination of the image embedding");
        UnitRows.Restore(segment.Images[row], segment.ImageLengths.Span[row], embedding);
        GC.KeepAlive(this);
    }

    /// <summary>How many caption embeddings an item has.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns>The number; may be 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public int CaptionCountOf(int ordinal)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        return segment.Captions.CountOf(row);
    }

    /// <summary>Copies the raw embeddings of an item's captions, but for the rounding of their lengths.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns>One row for each caption; may have none.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public EmbeddingMatrix CopyCaptions(int ordinal)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        (int start, int end) = segment.Captions.Range(row);
        EmbeddingMatrix copy = EmbeddingMatrix.Allocate(end - start, Dimensions, out Memory<float> values);
        for (int caption = start; caption < end; caption++)
        {
            UnitRows.Restore(
                segment.Captions.Rows[caption], segment.CaptionLengths.Span[caption], values.Span.Slice((caption - start) * Dimensions, Dimensions));
        }

        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>Folds every item for a caption weight β (<see cref="Folding"/>); row = ordinal, removed items included.</summary>
    /// <param name="captionWeight">How much captions count, in [0, 1].</param>
    /// <param name="emptyText">
    /// The embedding of the empty text, to stand in where an item has no captions (<see cref="MissingCaptions.EmptyText"/>), of any
    /// length but zero; leave it out to score such items by their image alone (<see cref="MissingCaptions.ImageOnly"/>).
    /// </param>
    /// <returns>
    /// The folded rows in one or more blocks whose ordinals run on, at least one. Blocks that are stored, and image rows where captions
    /// do not count, are not copied; others are computed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="captionWeight"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public IReadOnlyList<EmbeddingMatrix> Fold(double captionWeight, ReadOnlySpan<float> emptyText = default)
    {
        List<EmbeddingMatrix> blocks = [];
        FoldInto(blocks, [], captionWeight, emptyText);
        return blocks;
    }

    /// <summary>An index of the folded rows: its inner products are the scores <see cref="Scoring.Paper"/>, its ordinals the gallery's.</summary>
    /// <param name="captionWeight">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="emptyText">As in <see cref="Fold"/>.</param>
    /// <param name="options">How to search; <see langword="null"/> for the defaults. Rows are not checked again: they were when they were added.</param>
    /// <returns>The index; pass it <see cref="Scope"/>, or it finds removed items too.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="captionWeight"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public IVectorIndex CreateIndex(double captionWeight, ReadOnlySpan<float> emptyText = default, ExactIndexOptions? options = null)
    {
        List<EmbeddingMatrix> blocks = [];
        List<QuantizedMatrix?> compressed = [];
        FoldInto(blocks, compressed, captionWeight, emptyText);
        return new ExactIndex(blocks, compressed, (options ?? new ExactIndexOptions()) with { CheckRows = false });
    }

    /// <summary>Stacks every item for <see cref="Scoring.Reference"/> (<see cref="Stacking"/>); row = ordinal, removed items included.</summary>
    /// <param name="captionsPerItem">J: exactly the first J captions of each item count. At least 1.</param>
    /// <param name="emptyText">The embedding of the empty text, to stand in for captions that an item lacks, as in the published code.</param>
    /// <returns>The stacked rows, (1+J)·<see cref="Dimensions"/> numbers each, in one or more blocks whose ordinals run on.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="captionsPerItem"/> is less than 1.</exception>
    /// <exception cref="InvalidGalleryException">An item has fewer captions and <paramref name="emptyText"/> is left out.</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public IReadOnlyList<EmbeddingMatrix> Stack(int captionsPerItem, ReadOnlySpan<float> emptyText = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(captionsPerItem, 1);
        float[] unitEmptyText = UnitEmptyText(emptyText);
        float[] captions = new float[captionsPerItem * Dimensions];
        int width = (1 + captionsPerItem) * Dimensions;
        List<EmbeddingMatrix> blocks = [];
        foreach (GallerySegment segment in _segments)
        {
            EmbeddingMatrix stacked = EmbeddingMatrix.Allocate(segment.Rows, width, out Memory<float> values);
            for (int row = 0; row < segment.Rows; row++)
            {
                FillCaptions(segment.Captions[row], unitEmptyText, captions, segment, row);
                Stacking.StackItem(segment.Images[row], captions, values.Span.Slice(row * width, width));
            }

            blocks.Add(stacked);
        }

        if (blocks.Count == 0)
        {
            blocks.Add(EmbeddingMatrix.Allocate(0, width, out _));
        }

        return blocks;
    }

    /// <summary>The scope of a search that never returns removed items.</summary>
    /// <param name="excluded">Ordinals that must not be returned either.</param>
    /// <param name="allowed">Only these may be returned, as <see cref="Select"/> gives them; empty allows all.</param>
    /// <returns>The scope to pass to an index of this gallery.</returns>
    /// <exception cref="ArgumentException"><paramref name="allowed"/> is not empty and has not one bit for each ordinal.</exception>
    public SearchScope Scope(ReadOnlyMemory<int> excluded = default, ReadOnlyMemory<ulong> allowed = default)
    {
        ulong[] present = _present.Value;
        if (allowed.IsEmpty)
        {
            return new SearchScope(excluded, present);
        }

        if (allowed.Length != (OrdinalCount + 63) / 64)
        {
            throw new ArgumentException($"{allowed.Length} elements of 64 bits were given for {OrdinalCount} ordinals, expected {(OrdinalCount + 63) / 64}. Let Select of the same gallery make them.", nameof(allowed));
        }

        if (present.Length == 0)
        {
            return new SearchScope(excluded, allowed);
        }

        ulong[] both = new ulong[present.Length];
        TensorPrimitives.BitwiseAnd(present, allowed.Span, both);
        return new SearchScope(excluded, both);
    }

    /// <summary>Selects items, to be searched as often as wanted.</summary>
    /// <param name="predicate">Whether the item of an ordinal is selected; removed items are not asked about.</param>
    /// <returns>One bit for each ordinal, as <see cref="SearchScope.Allowed"/> wants them.</returns>
    public ReadOnlyMemory<ulong> Select(Func<int, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ulong[] selected = new ulong[(OrdinalCount + 63) / 64];
        for (int ordinal = 0; ordinal < OrdinalCount; ordinal++)
        {
            if (!IsRemoved(ordinal) && predicate(ordinal))
            {
                selected[ordinal >> 6] |= 1UL << (ordinal & 63);
            }
        }

        return selected;
    }

    private void FoldInto(List<EmbeddingMatrix> blocks, List<QuantizedMatrix?> compressed, double captionWeight, ReadOnlySpan<float> emptyText)
    {
        Folding.ThrowIfNotWeight(captionWeight);
        float[] unitEmptyText = UnitEmptyText(emptyText);
        foreach (GallerySegment segment in _segments)
        {
            blocks.Add(segment.RowsFor(captionWeight, StoredCaptionWeight, unitEmptyText, out QuantizedMatrix? copy));
            compressed.Add(copy);
        }

        if (blocks.Count == 0)
        {
            blocks.Add(EmbeddingMatrix.Allocate(0, Dimensions, out _));
            compressed.Add(null);
        }
    }

    private float[] UnitEmptyText(ReadOnlySpan<float> emptyText)
    {
        if (emptyText.IsEmpty)
        {
            return [];
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(emptyText.Length, Dimensions, "The embedding of the empty text");
        float[] unit = new float[Dimensions];
        UnitRows.Split(emptyText, unit, "The embedding of the empty text");
        return unit;
    }

    private void FillCaptions(ReadOnlySpan<float> own, float[] emptyText, Span<float> captions, GallerySegment segment, int row)
    {
        int given = Math.Min(own.Length, captions.Length);
        own[..given].CopyTo(captions);
        if (given < captions.Length && emptyText.Length == 0)
        {
            throw new InvalidGalleryException(
                $"The image '{segment.Items.IdOf(row)}' has {own.Length / Dimensions} captions; the reference scoring needs {captions.Length / Dimensions} of every image. Caption it, or let the empty text stand in (MissingCaptions.EmptyText).");
        }

        for (int start = given; start < captions.Length; start += Dimensions)
        {
            emptyText.CopyTo(captions[start..]);
        }
    }
}
