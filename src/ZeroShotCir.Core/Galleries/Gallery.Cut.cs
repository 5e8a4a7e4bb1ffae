using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries;

public sealed partial class Gallery
{
    /// <summary>
    /// The same gallery with the leading components of every embedding, scaled to unit length again, for a search that costs less: of models
    /// that are trained for it (Matryoshka). The rows are cut now, once; they are kept in memory.
    /// </summary>
    /// <param name="dimensions">How many components are kept, at least 1. Queries are encoded by the same model cut as far.</param>
    /// <returns>The gallery; ids, captions and ordinals are the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1 or more than <see cref="Dimensions"/>.</exception>
    /// <exception cref="InvalidGalleryException">The gallery's model is not trained for it, or is not known.</exception>
    /// <exception cref="InvalidEmbeddingException">What is left of an embedding has no direction.</exception>
    public Gallery Cut(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, Dimensions);
        if (dimensions == Dimensions)
        {
            return this;
        }

        if (Model is not { CanBeCut: true } model)
        {
            throw new InvalidGalleryException(
                $"The gallery's embeddings are of '{Model?.ImageModelId ?? "an unknown model"}', whose leading components are no embedding by themselves. "
                + $"Search it with all {Dimensions} dimensions.");
        }

        return new Gallery([.. _segments.Select(segment => Cut(segment, dimensions))], dimensions, model.Cut(dimensions), null)
        {
            Roots = Roots,
            Generation = Generation,
            Warning = Warning,
        };
    }

    private static GallerySegment Cut(GallerySegment segment, int dimensions)
    {
        EmbeddingMatrix captions = Cut(segment.Captions.Rows, dimensions, row => $"The caption embedding in row {row}");
        return new GallerySegment
        {
            Items = segment.Items,
            Images = Cut(segment.Images, dimensions, row => $"The image embedding of '{segment.Items.IdOf(row)}'"),
            Captions = segment.Captions.WithRows(captions),
            ImageLengths = UnitLengths(segment.Images.Rows),
            CaptionLengths = UnitLengths(captions.Rows),
            Removed = segment.Removed,
        };
    }

    private static EmbeddingMatrix Cut(EmbeddingMatrix rows, int dimensions, Func<int, string> what)
    {
        EmbeddingMatrix cut = EmbeddingMatrix.Allocate(rows.Rows, dimensions, out Memory<float> values);
        for (int row = 0; row < rows.Rows; row++)
        {
            UnitRows.Split(rows[row][..dimensions], values.Span.Slice(row * dimensions, dimensions), $"{what(row)}, cut to {dimensions} dimensions,");
        }

        return cut;
    }

    private static float[] UnitLengths(int rows)
    {
        float[] lengths = new float[rows];
        Array.Fill(lengths, 1f);
        return lengths;
    }
}
