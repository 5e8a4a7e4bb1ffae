using ZeroShotCir.Extensions.Hosting.Serving;

namespace ZeroShotCir.Tool.Serving;

/// <summary>Where the pictures of what is served are, and which of them are copies: the gallery knows, also one beside a store.</summary>
/// <param name="monitor">What is served.</param>
/// <param name="folder">Where the pictures of a store without a gallery are.</param>
internal sealed class ServedPictures(RetrieverMonitor monitor, DirectoryInfo? folder)
{
    /// <summary>The file of an item; <see langword="null"/> where nobody said where it is.</summary>
    public string? FileOf(string id)
    {
        if (monitor.Gallery is { } gallery)
        {
            return gallery.TryGetOrdinal(id, out int ordinal) ? gallery.FileOf(ordinal) : null;
        }

        if (folder is null)
        {
            return null;
        }

        // An id is whatever somebody pushed; it leads nowhere but below the folder.
        string root = Path.TrimEndingDirectorySeparator(folder.FullName) + Path.DirectorySeparatorChar;
        string file = Path.GetFullPath(Path.Combine(root, id));
        return file.StartsWith(root, StringComparison.Ordinal) ? file : null;
    }

    /// <summary>What is equal for images of equal bytes; <see langword="null"/> where nobody knows.</summary>
    public string? ContentOf(string id) => monitor.Gallery is { } gallery && gallery.TryGetOrdinal(id, out int ordinal) ? gallery.ContentOf(ordinal) : null;
}
