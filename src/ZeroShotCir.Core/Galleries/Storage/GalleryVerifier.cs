using System.Security.Cryptography;
using ZeroShotCir.Errors;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>Checks a gallery folder: checksums, counts, ids, and that every embedding is a finite unit row.</summary>
/// <remarks>Opening does not do this, because it would read everything.</remarks>
public static class GalleryVerifier
{
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
            Collect(problems, () => new SegmentCheck(SegmentReader.Map(folder, manifest, segment), segment, manifest.Beta, ids, problems).Run(cancellationToken));
        }

        return new GalleryVerification(manifest.Count, files.Length, total, problems);
    }

    private static void CheckSum(string folder, SegmentFile file)
    {
        string path = SegmentReader.CheckedPath(folder, file);
        using FileStream stream = File.OpenRead(path);
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
        {
            throw new InvalidGalleryException(
                $"The bytes of '{path}' are not those that were committed: its checksum differs. Restore it, or delete the folder and index the images again.");
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
