using ZeroShotCir.Embeddings;
using ZeroShotCir.Files;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>Maps the files of a segment, as the manifest names them.</summary>
internal static class SegmentReader
{
    public static GallerySegment Map(string folder, GalleryManifest manifest, SegmentManifest segment)
    {
        try
        {
            int dimensions = manifest.Model.Dimensions;
            SafeTensorsFile images = OpenTensors(folder, manifest, segment, SegmentFile.Images)!;
            SafeTensorsFile? captions = OpenTensors(folder, manifest, segment, SegmentFile.Captions);
            SafeTensorsFile? folded = OpenTensors(folder, manifest, segment, SegmentFile.Folded);
            SafeTensorsFile? compressed = OpenTensors(folder, manifest, segment, SegmentFile.Compressed);
            SafeTensorsFile? planes = OpenTensors(folder, manifest, segment, SegmentFile.Planes);
            ReadOnlyMemory<int> removed = OpenTensors(folder, manifest, segment, SegmentFile.Removed)?.Read<int>("rows") ?? default;
            GallerySegment mapped = new()
            {
                Items = new MappedItemTable(
                    CheckedPath(folder, segment.Files[SegmentFile.Items]), OpenTensors(folder, manifest, segment, SegmentFile.Ids)!),
                Images = images.ReadMatrix("embeddings"),
                ImageLengths = images.Read<float>("lengths"),
                Captions = captions is null
                    ? CaptionEmbeddings.None(segment.Rows, dimensions)
                    : CaptionEmbeddings.Wrap(captions.ReadMatrix("embeddings"), captions.Read<int>("offsets")),
                CaptionLengths = captions?.Read<float>("lengths") ?? default,
                Removed = removed,
                Folded = folded?.ReadMatrix("embeddings"),
                Compressed = planes is not null ? ReadPlanes(planes, segment.Rows) : compressed is not null ? ReadCompressed(compressed) : null,
            };
            CheckCounts(mapped, segment, dimensions);
            return mapped;
        }
        catch (Exception e) when (e is InvalidTensorFileException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidGalleryException($"The segment '{segment.Name}' of the gallery '{folder}' cannot be used. {e.Message}", e);
        }
    }

    /// <summary>Asks the system for what <see cref="Map"/> will read: the headers, and the largest lengths at the end of compressed copies.</summary>
    public static void AskAhead(string folder, SegmentManifest segment)
    {
        foreach ((string role, SegmentFile file) in segment.Files)
        {
            if (role != SegmentFile.Items)
            {
                long end = role is SegmentFile.Planes or SegmentFile.Compressed ? file.Bytes - 1 : 0;
                ReadAhead.Ask(Path.Combine(folder, file.Name), SafeTensorsFile.UsualHeader, end);
            }
        }
    }

    /// <summary>The path of a file, after checking that its size is the one the manifest gives.</summary>
    public static string CheckedPath(string folder, SegmentFile file)
    {
        FileInfo found = new(Path.Combine(folder, file.Name));
        if (!found.Exists)
        {
            throw new InvalidGalleryException(
                $"The gallery '{folder}' lacks the file '{file.Name}' that its manifest names. Restore it, or delete the folder and index the images again.");
        }

        return found.Length == file.Bytes
            ? found.FullName
            : throw new InvalidGalleryException(
                $"The file '{found.FullName}' has {found.Length} bytes, the gallery's manifest says {file.Bytes}: it was cut off or replaced. "
                + "Restore it, or delete the folder and index the images again.");
    }

    private static SafeTensorsFile? OpenTensors(string folder, GalleryManifest manifest, SegmentManifest segment, string role)
    {
        if (!segment.Files.TryGetValue(role, out SegmentFile? file))
        {
            return null;
        }

        SafeTensorsFile tensors = SafeTensorsFile.Open(CheckedPath(folder, file));
        return tensors.Metadata.GetValueOrDefault("gallery") == manifest.GalleryId
            && tensors.Metadata.GetValueOrDefault("segment") == segment.Name
            && tensors.Metadata.GetValueOrDefault("role") == role
            ? tensors
            : throw new InvalidGalleryException(
                $"The file '{tensors.Path}' is not the {role} of the segment '{segment.Name}' of this gallery: it was swapped or copied from elsewhere. "
                + "Restore it, or delete the folder and index the images again.");
    }

    private static CompressedRows ReadCompressed(SafeTensorsFile file)
        => file.Read<float>("max_length") is { Length: 1 } maxLength
            ? CompressedRows.FromCodes(QuantizedMatrix.Wrap(
                file.Read<sbyte>("codes"), file.Read<float>("scales"), file.Read<float>("errors"), file.Read<float>("mean"), maxLength.Span[0]))
            : throw new InvalidTensorFileException($"The tensor 'max_length' of '{file.Path}' must hold one number.");

    // Planes of the third and fourth format have another arrangement and other levels: the rows themselves are searched.
    private static CompressedRows? ReadPlanes(SafeTensorsFile file, int rows)
        => file.Tensors.Any(tensor => tensor.Name == "scales")
            ? null
            : CompressedRows.FromPlanes(CodePlanes.Wrap(
                rows, file.Read<byte>("coarse"), file.Read<byte>("fine"), file.Read<float>("bounds"), file.Read<float>("mean"), file.Read<float>("max_lengths")));

    private static void CheckCounts(GallerySegment segment, SegmentManifest manifest, int dimensions)
    {
        bool fits = segment.Images.Rows == manifest.Rows && segment.Images.Dimensions == dimensions && segment.ImageLengths.Length == manifest.Rows
            && segment.Captions.Rows.Rows == manifest.Captions && segment.Captions.Rows.Dimensions == dimensions
            && segment.Captions.Items == manifest.Rows && segment.CaptionLengths.Length == manifest.Captions
            && segment.Items.Count == manifest.Rows && segment.Removed.Length == manifest.Removed
            && (segment.Folded is null || (segment.Folded.Rows == manifest.Rows && segment.Folded.Dimensions == dimensions))
            && (segment.Compressed is null || (segment.Compressed.Rows == manifest.Rows && segment.Compressed.Dimensions == dimensions));
        if (!fits)
        {
            throw new InvalidGalleryException(
                $"The files of the segment '{manifest.Name}' do not hold the {manifest.Rows} rows of {dimensions} dimensions and {manifest.Captions} "
                + "captions that the manifest counts. The gallery is damaged: index the images again.");
        }

        int previous = -1;
        foreach (int row in segment.Removed.Span)
        {
            if (row <= previous || row >= manifest.Rows)
            {
                throw new InvalidGalleryException(
                    $"The removed rows of the segment '{manifest.Name}' are not ascending row numbers. The gallery is damaged: index the images again.");
            }

            previous = row;
        }
    }
}
