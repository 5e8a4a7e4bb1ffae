using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;
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
    /// <param name="beta">How much captions count, in [0, 1].</param>
    /// <param name="emptyText">
    /// The embedding of the empty text, to stand in where an item has no captions (<see cref="MissingCaptions.EmptyText"/>), of any
    /// length but zero; leave it out to score such items by their image alone (<see cref="MissingCaptions.ImageOnly"/>).
    /// </param>
    /// <returns>
    /// The folded rows in one or more blocks whose ordinals run on, at least one. Blocks that are stored, and image rows where captions
    /// do not count, are not copied; others are computed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public IReadOnlyList<EmbeddingMatrix> Fold(double beta, ReadOnlySpan<float> emptyText = default)
    {
        List<EmbeddingMatrix> blocks = [];
        FoldInto(blocks, [], beta, emptyText);
        return blocks;
    }

    /// <summary>An index of the folded rows: its inner products are the scores <see cref="Scoring.Paper"/>, its ordinals the gallery's.</summary>
    /// <param name="beta">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="emptyText">As in <see cref="Fold"/>.</param>
    /// <param name="options">How to search; <see langword="null"/> for the defaults. Rows are not checked again: they were when they were added.</param>
    /// <returns>The index; pass it <see cref="Scope"/>, or it finds removed items too.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public ExactIndex CreateIndex(double beta, ReadOnlySpan<float> emptyText = default, ExactIndexOptions? options = null)
    {
        List<EmbeddingMatrix> blocks = [];
        List<CompressedRows?> compressed = [];
        FoldInto(blocks, compressed, beta, emptyText);
        return ExactIndex.Create(blocks, compressed, (options ?? new ExactIndexOptions()).Trusting());
    }

    /// <summary>The scope of a search that never returns removed items.</summary>
    /// <param name="excluded">Ordinals that must not be returned either.</param>
    /// <param name="selection">Only these may be returned; <see langword="null"/> allows all.</param>
    /// <returns>The scope to pass to an index of this gallery.</returns>
    /// <exception cref="ArgumentException"><paramref name="selection"/> was made by another gallery.</exception>
    public SearchScope Scope(ReadOnlyMemory<int> excluded = default, GallerySelection? selection = null)
    {
        if (selection is null)
        {
            return new SearchScope(excluded, _present.Value);
        }

        return ReferenceEquals(selection.Gallery, this)
            ? new SearchScope(excluded, selection.Bits)
            : throw new ArgumentException(
                "The selection was made by another gallery, or by this one before it was opened again. "
                + "Let Select of the gallery that is searched make it.", nameof(selection));
    }

    /// <summary>Selects items by their ordinal, to be searched as often as wanted.</summary>
    /// <param name="predicate">Whether the item of an ordinal is selected; removed items are not asked about.</param>
    /// <returns>The selection.</returns>
    public GallerySelection Select(Func<int, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ulong[] selected = new ulong[(OrdinalCount + 63) / 64];
        int count = 0;
        for (int ordinal = 0; ordinal < OrdinalCount; ordinal++)
        {
            if (!IsRemoved(ordinal) && predicate(ordinal))
            {
                selected[ordinal >> 6] |= 1UL << (ordinal & 63);
                count++;
            }
        }

        return new GallerySelection(this, selected, count);
    }

    /// <summary>Selects items by what is known of them: id, captions, metadata.</summary>
    /// <param name="predicate">Whether an item is selected; removed items are not asked about.</param>
    /// <returns>The selection.</returns>
    public GallerySelection SelectItems(Func<GalleryItem, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Select(ordinal => predicate(ItemAt(ordinal)));
    }

    /// <summary>Selects items by an expression of their fields.</summary>
    /// <param name="filter">The expression.</param>
    /// <returns>The selection.</returns>
    public GallerySelection Select(GalleryFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return SelectItems(filter.Matches);
    }

    /// <summary>Folds one item, and copies what it is folded from.</summary>
    /// <param name="ordinal">The ordinal.</param>
    /// <param name="beta">How much captions count.</param>
    /// <param name="unitEmptyText">Stands in where the item has no captions; empty where it scores by its image alone.</param>
    /// <param name="folded">Receives the folded vector.</param>
    /// <param name="image">Receives the image embedding, of unit length.</param>
    /// <param name="captions">Receives the mean of the captions' unit embeddings.</param>
    /// <returns>Whether there are captions; otherwise <paramref name="captions"/> is left as it is.</returns>
    internal bool FoldItem(int ordinal, double beta, ReadOnlySpan<float> unitEmptyText, Span<float> folded, Span<float> image, Span<float> captions)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        segment.Images[row].CopyTo(image);
        ReadOnlySpan<float> own = segment.Captions[row];
        own = own.IsEmpty ? unitEmptyText : own;
        Folding.Fold(image, own, beta, folded);
        if (!own.IsEmpty)
        {
            Folding.Fold(image, own, 1, captions);
        }

        GC.KeepAlive(this);
        return !own.IsEmpty;
    }

    /// <summary>Whether any item, removed ones included, has no caption embeddings.</summary>
    internal bool AnyLacksCaptions => _segments.Any(segment => Enumerable.Range(0, segment.Rows).Any(row => segment.Captions.CountOf(row) == 0));

    /// <summary>Stacks every item for <see cref="Scoring.PublishedCode"/> (<see cref="Stacking"/>); row = ordinal, removed items included.</summary>
    /// <param name="count">J: the first J captions of each item count. At least 1.</param>
    /// <param name="emptyText">The embedding of the empty text, which stands for all captions of an item that has none; empty where such items score by their image alone.</param>
    /// <returns>The stacked rows, in one or more blocks whose ordinals run on.</returns>
    internal IReadOnlyList<EmbeddingMatrix> Stack(int count, ReadOnlySpan<float> emptyText = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        float[] empty = Repeated(UnitEmptyText(emptyText), count);
        int width = (1 + count + (empty.Length == 0 && AnyLacksCaptions ? 1 : 0)) * Dimensions;
        return Blocks(width, (segment, row, stacked) =>
        {
            ReadOnlySpan<float> own = segment.Captions[row];
            Stacking.StackItem(segment.Images[row], own.IsEmpty ? empty : own, count, stacked);
        });
    }

    /// <summary>The unit embeddings of every item's caption at a position; zeros where an item has fewer captions.</summary>
    internal IReadOnlyList<EmbeddingMatrix> CaptionsAt(int position, ReadOnlySpan<float> emptyText = default)
    {
        float[] empty = UnitEmptyText(emptyText);
        return Blocks(Dimensions, (segment, row, caption) =>
        {
            ReadOnlySpan<float> own = segment.Captions[row];
            if (own.IsEmpty)
            {
                empty.CopyTo(caption);
            }
            else if (own.Length > position * Dimensions)
            {
                own.Slice(position * Dimensions, Dimensions).CopyTo(caption);
            }
        });
    }

    /// <summary>The same gallery with every row put into a space.</summary>
    internal Gallery Transform(SpaceTransform space) => new(
        [.. _segments.Select(segment => new GallerySegment
        {
            Items = segment.Items,
            Images = Rows(segment.Images, space.TransformImage),
            ImageLengths = Ones(segment.Images.Rows),
            Captions = segment.Captions.WithRows(Rows(segment.Captions.Rows, space.TransformText)),
            CaptionLengths = Ones(segment.Captions.Rows.Rows),
            Removed = segment.Removed,
        })],
        Dimensions,
        Model,
        null);

    private static ReadOnlyMemory<float> Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static EmbeddingMatrix Rows(EmbeddingMatrix rows, RowWriter transform)
    {
        EmbeddingMatrix transformed = EmbeddingMatrix.Allocate(rows.Rows, rows.Dimensions, out Memory<float> values);
        for (int row = 0; row < rows.Rows; row++)
        {
            transform(rows[row], values.Span.Slice(row * rows.Dimensions, rows.Dimensions));
        }

        return transformed;
    }

    private List<EmbeddingMatrix> Blocks(int width, SegmentRowWriter write)
    {
        List<EmbeddingMatrix> blocks = [];
        foreach (GallerySegment segment in _segments)
        {
            EmbeddingMatrix block = EmbeddingMatrix.Allocate(segment.Rows, width, out Memory<float> values);
            for (int row = 0; row < segment.Rows; row++)
            {
                write(segment, row, values.Span.Slice(row * width, width));
            }

            blocks.Add(block);
        }

        if (blocks.Count == 0)
        {
            blocks.Add(EmbeddingMatrix.Allocate(0, width, out _));
        }

        GC.KeepAlive(this);
        return blocks;
    }

    private static float[] Repeated(float[] vector, int count)
    {
        float[] repeated = new float[vector.Length * count];
        for (int i = 0; i < count; i++)
        {
            vector.CopyTo(repeated, i * vector.Length);
        }

        return repeated;
    }

    private delegate void RowWriter(ReadOnlySpan<float> row, Span<float> destination);

    private delegate void SegmentRowWriter(GallerySegment segment, int row, Span<float> destination);

    private void FoldInto(List<EmbeddingMatrix> blocks, List<CompressedRows?> compressed, double beta, ReadOnlySpan<float> emptyText)
    {
        Folding.ThrowIfNotWeight(beta);
        float[] unitEmptyText = UnitEmptyText(emptyText);
        foreach (GallerySegment segment in _segments)
        {
            blocks.Add(segment.RowsFor(beta, StoredBeta, unitEmptyText, out CompressedRows? copy));
            compressed.Add(copy);
        }

        if (blocks.Count == 0)
        {
            blocks.Add(EmbeddingMatrix.Allocate(0, Dimensions, out _));
            compressed.Add(null);
        }
    }

    internal float[] UnitEmptyText(ReadOnlySpan<float> emptyText)
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
}
