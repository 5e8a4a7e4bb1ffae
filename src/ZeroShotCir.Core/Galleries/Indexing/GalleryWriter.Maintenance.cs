using ZeroShotCir.Composition;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

public sealed partial class GalleryWriter
{
    private const int RowsLimit = 1 << 18;
    private const int MergeFanIn = 8;

    // Bounds what a merge and a compressed copy hold in memory, and what one matrix can address.
    private int MaxSegmentRows => Math.Min(RowsLimit, Array.MaxLength / Model.Dimensions / 2);

    /// <summary>Drops removed images from the disk and merges segments. Ordinals of galleries opened afterwards are new.</summary>
    /// <exception cref="InvalidOperationException">There are changes that were not committed.</exception>
    /// <exception cref="IOException">The disk is full or fails; the folder stays as it was.</exception>
    public void Compact()
    {
        ThrowIfUncommitted();
        int needed = (Committed.Count + MaxSegmentRows - 1) / MaxSegmentRows;
        if (Committed.Count == Committed.OrdinalCount && _manifest.Segments.Count <= needed)
        {
            return;
        }

        CloseOnFailure(() => Merge(0, _manifest.Segments.Count));
    }

    /// <summary>Stores the folded rows of another caption weight β instead; nothing is encoded again.</summary>
    /// <param name="beta">The weight, in [0, 1], or <see langword="null"/> to store none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidOperationException">There are changes that were not committed.</exception>
    /// <exception cref="IOException">The disk is full or fails; the folder stays as it was.</exception>
    public void Refold(double? beta)
    {
        if (beta is { } weight)
        {
            Folding.ThrowIfNotWeight(weight);
        }

        ThrowIfUncommitted();
        if (beta == _manifest.Beta)
        {
            return;
        }

        CloseOnFailure(() =>
        {
            long generation = _manifest.Generation + 1;
            SegmentManifest[] segments =
            [
                .. _manifest.Segments.Select(segment => segment.Captions == 0
                    ? segment
                    : SegmentWriter.Fold(_storage, _folder, _manifest, segment, beta, _manifest.Compressed, generation)),
            ];
            Swap(_manifest with { Generation = generation, Beta = beta, Segments = segments });
        });
    }

    // Small commits leave small segments; merging eight of one size at a time copies each row only a few times as the gallery grows.
    private void MergeSmallSegments()
    {
        while (true)
        {
            IReadOnlyList<SegmentManifest> segments = _manifest.Segments;
            int start = segments.Count;
            long rows = 0;
            while (start > 0 && Tier(segments[start - 1].Rows) <= Tier(segments[^1].Rows) && rows + segments[start - 1].Rows <= MaxSegmentRows)
            {
                rows += segments[--start].Rows;
            }

            if (segments.Count - start < MergeFanIn)
            {
                return;
            }

            Merge(start, segments.Count - start);
        }
    }

    private static int Tier(int rows) => (int)Math.Log(rows, MergeFanIn);

    private void Merge(int start, int count)
    {
        long generation = _manifest.Generation + 1;
        List<SegmentManifest> merged = [];
        SegmentWriter? writer = null;
        try
        {
            for (int i = start; i < start + count; i++)
            {
                GallerySegment segment = Committed.Segments[i];
                MappedItemTable items = (MappedItemTable)segment.Items;
                for (int row = 0; row < segment.Rows; row++)
                {
                    if (segment.IsRemoved(row))
                    {
                        continue;
                    }

                    writer ??= NewSegment();
                    (int first, int end) = segment.Captions.Range(row);
                    ReadOnlyMemory<byte> line = items.Line(row);
                    writer.Append(
                        line.Span, IdHash.Compute(items.IdOf(row)), segment.Images[row], segment.ImageLengths.Span[row],
                        segment.Captions[row], segment.CaptionLengths.Span[first..end]);
                    if (writer.Rows >= MaxSegmentRows)
                    {
                        Finish();
                    }
                }
            }

            Finish();
        }
        finally
        {
            writer?.Dispose();
        }

        Swap(_manifest with
        {
            Generation = generation,
            Segments = [.. _manifest.Segments.Take(start), .. merged, .. _manifest.Segments.Skip(start + count)],
        });

        void Finish()
        {
            if (writer is not null)
            {
                merged.Add(writer.Complete(_manifest.Beta, _manifest.Compressed, generation));
                writer.Dispose();
                writer = null;
            }
        }
    }

    private void ThrowIfUncommitted()
    {
        ThrowIfClosed();
        if (_current is not null || _finished.Count > 0 || _removed.Count > 0)
        {
            throw new InvalidOperationException("There are changes that were not committed. Commit first.");
        }
    }
}
