using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

public sealed partial class GalleryWriter
{
    /// <summary>Puts the images of other galleries of the same model, by ascending ids, in the place of all that the gallery has, with one commit.</summary>
    internal void Replace(IReadOnlyList<Gallery> sources, IReadOnlyList<GalleryRoot> roots, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ThrowIfUncommitted();
        List<(string Id, GallerySegment Segment, int Row)> rows = [];
        foreach (GallerySegment segment in sources.SelectMany(source => source.Segments))
        {
            for (int row = 0; row < segment.Rows; row++)
            {
                if (!segment.IsRemoved(row))
                {
                    rows.Add((segment.Items.IdOf(row), segment, row));
                }
            }
        }

        rows.Sort((x, y) => string.CompareOrdinal(x.Id, y.Id));
        for (int i = 1; i < rows.Count; i++)
        {
            if (rows[i].Id == rows[i - 1].Id)
            {
                throw new InvalidGalleryException($"The image '{rows[i].Id}' is in two of the galleries that are to be merged.");
            }
        }

        CloseOnFailure(() =>
        {
            long generation = _manifest.Generation + 1;
            List<SegmentManifest> merged = [];
            for (int first = 0; first < rows.Count; first += MaxSegmentRows)
            {
                using SegmentWriter writer = NewSegment();
                foreach ((string id, GallerySegment segment, int row) in rows.Skip(first).Take(MaxSegmentRows))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    (int start, int end) = segment.Captions.Range(row);
                    writer.Append(
                        ((MappedItemTable)segment.Items).Line(row).Span, IdHash.Compute(id), segment.Images[row], segment.ImageLengths.Span[row],
                        segment.Captions[row], segment.CaptionLengths.Span[start..end]);
                    progress?.Report(first + writer.Rows);
                }

                merged.Add(writer.Complete(_manifest.Beta, _manifest.Compressed, generation));
            }

            Swap(_manifest with { Generation = generation, Segments = merged, Roots = roots });
        });
    }
}
