using ZeroShotCir.Buffers;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Finds the images of a folder and its subfolders.</summary>
/// <remarks>
/// Each real folder and each real file is found once, however many links lead there. What cannot be read, vanishes while the folder is
/// read or is no file (a pipe, say) is a problem in the result and stops nothing.
/// </remarks>
public static class ImageFolder
{
    // What such a file cannot be decoded for is worth a line; other files are no images.
    private static readonly HashSet<string> Endings = new(
        [
            ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".bmp", ".gif", ".heic", ".heif", ".hif", ".avif", ".tif", ".tiff", ".jp2", ".j2k",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds all files, without opening any.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">Which files; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">A pattern is empty.</exception>
    public static ImageFolderContent ReadFiles(string path, ImageFolderOptions? options = null, CancellationToken cancellationToken = default)
        => new FolderWalk(path, options ?? new ImageFolderOptions(), []).Run(cancellationToken);

    /// <summary>Finds the images, by their first bytes; files whose names say that they are images count too, whatever they hold.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">Which files; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>What was found; the files that are no images are counted.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">A pattern is empty.</exception>
    public static ImageFolderContent ReadImages(string path, ImageFolderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ImageFolderContent all = ReadFiles(path, options, cancellationToken);
        List<ImageFolderFile> images = [];
        List<ImageFolderProblem> problems = [.. all.Problems];
        SortedDictionary<string, int> leftOut = new(StringComparer.Ordinal);
        foreach (ImageFolderFile file in all.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if ((file.Stamp ?? FileStamp.Read(file.Path)) is not { IsFile: true })
                {
                    problems.Add(new ImageFolderProblem(file.Name, WhyNoFile(file.Path)));
                }
                else if (IsImage(file.Path))
                {
                    images.Add(file);
                }
                else
                {
                    CountEnding(leftOut, file.Path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(new ImageFolderProblem(file.Name, $"'{file.Path}' cannot be read: {e.Message}"));
            }
        }

        return new ImageFolderContent(images, problems, leftOut, all.Hidden, all.Links);
    }

    /// <summary>Whether a file is an image, or its name says so.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static bool IsImage(string path)
    {
        if (Endings.Contains(Path.GetExtension(path)))
        {
            return true;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using RentedArray<byte> header = new(ImageFormat.HeadLength);
        int read = stream.ReadAtLeast(header.Span, ImageFormat.HeadLength, throwOnEndOfStream: false);
        return ImageFormat.Recognize(header.Span[..read]) is not null;
    }

    /// <summary>Why a path that a folder listed cannot be opened as a file.</summary>
    internal static string WhyNoFile(string path) => path.Contains('\uFFFD', StringComparison.Ordinal)
        ? $"'{path}' has a name that is not valid Unicode, so that it cannot be opened. Rename it."
        : File.Exists(path) ? $"'{path}' is no file that can be read to its end, but a pipe or a device." : $"'{path}' vanished while its folder was read.";

    internal static void CountEnding(IDictionary<string, int> counts, string path)
    {
        string ending = Path.GetExtension(path).ToLowerInvariant() is { Length: > 1 } found ? found : "(none)";
        counts.TryGetValue(ending, out int count);
        counts[ending] = count + 1;
    }
}
