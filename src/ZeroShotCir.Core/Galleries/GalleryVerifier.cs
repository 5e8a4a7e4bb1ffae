using System.Security.Cryptography;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries;

/// <summary>Checks a gallery folder: checksums, counts, ids, and that every embedding is a finite unit row.</summary>
/// <remarks>Opening does not do this, because it would read everything.</remarks>
public static class GalleryVerifier
{
    // Twice what rounding the components to float32 can do to the length of a row of any practical dimension.
    private const double LengthTolerance = 1e-5;

    /// <summary>Reads every file of a gallery folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="progress">Receives the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found. A damaged file is a problem in the result, not an exception.</returns>
    /// <exception cref="InvalidGalleryException">The folder has no manifest that can be read, so that there is nothing to check.</exception>
    public static GalleryVerification Verify(string folder, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        GalleryManifest manifest = GalleryManifest.Read(folder);
        List<string> problems = [];
        SegmentFile[] files = [.. manifest.Segments.SelectMany(segment => segment.Files.Values)];
        long total = files.Sum(file => file.Bytes), done = 0;
        foreach (SegmentFile file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Collect(problems, () => CheckSum(folder, file));
            done += file.Bytes;
            progress?.Report(total == 0 ? 1 : (double)done / total);
        }

        Dictionary<string, string> ids = new(StringComparer.Ordinal);
        foreach (SegmentManifest segment in manifest.Segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Collect(problems, () => CheckContent(GalleryFolder.Map(folder, manifest, segment), segment, manifest.CaptionWeight, ids));
        }

        return new GalleryVerification(manifest.Count, files.Length, total, problems);
    }

    private static void CheckSum(string folder, SegmentFile file)
    {
        string path = GalleryFolder.CheckedPath(folder, file);
        using FileStream stream = File.OpenRead(path);
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
        {
            throw new InvalidGalleryException($"The bytes of '{path}' are not those that were committed: its checksum differs. Restore it, or delete the folder and index the images again.");
        }
    }

    private static void CheckContent(GallerySegment segment, SegmentManifest manifest, double? captionWeight, Dictionary<string, string> ids)
    {
        string name = manifest.Name;
        CheckRows(segment.Images, segment.ImageLengths.Span, $"The image embedding in '{name}'");
        CheckRows(segment.Captions.Rows, segment.CaptionLengths.Span, $"The caption embedding in '{name}'");
        ((MappedItemTable)segment.Items).Verify();
        if (segment.Folded is not null && captionWeight is null)
        {
            throw new InvalidGalleryException($"The segment '{name}' has folded rows, but the manifest does not say for which caption weight.");
        }

        int captions = 0;
        float[] folded = new float[segment.Images.Dimensions];
        for (int row = 0; row < segment.Rows; row++)
        {
            (int start, int end) = segment.Captions.Range(row);
            if (start != captions)
            {
                throw new InvalidGalleryException($"The captions of row {row} of '{name}' do not follow those of the row before.");
            }

            captions = end;
            string id = segment.Items.IdOf(row);
            if (!segment.IsRemoved(row) && !ids.TryAdd(id, name))
            {
                throw new InvalidGalleryException($"The id '{id}' is in '{ids[id]}' and again in '{name}'.");
            }

            if (segment.Folded is { } stored)
            {
                Folding.Fold(segment.Images[row], segment.Captions[row], captionWeight!.Value, folded);
                if (!stored[row].SequenceEqual(folded))
                {
                    throw new InvalidGalleryException($"The folded row {row} of '{name}' is not that of the caption weight {captionWeight}.");
                }
            }
        }

        if (captions != manifest.Captions)
        {
            throw new InvalidGalleryException($"The rows of '{name}' have {captions} captions, the manifest says {manifest.Captions}.");
        }
    }

    private static void CheckRows(EmbeddingMatrix rows, ReadOnlySpan<float> lengths, string what)
    {
        for (int row = 0; row < rows.Rows; row++)
        {
            double length = UnitVector.Length(rows[row]);
            if (!(Math.Abs(length - 1) < LengthTolerance) || !(lengths[row] > 0) || !float.IsFinite(lengths[row]))
            {
                throw new InvalidGalleryException(
                    $"{what}, row {row}, has the length {length} and is said to have had {lengths[row]}; expected 1 and a positive number.");
            }
        }
    }

    private static void Collect(List<string> problems, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is ZeroShotCirException or IOException or UnauthorizedAccessException)
        {
            problems.Add(e.Message);
        }
    }
}
