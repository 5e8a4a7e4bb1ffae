using System.Security.Cryptography;
using System.Text;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tool.Places;

/// <summary>Finds the gallery that somebody means: a gallery folder, or a folder of pictures that a gallery was made of without naming a place for it.</summary>
internal static class GalleryPlace
{
    private const string Manifest = "manifest.json";
    private const int HashDigits = 10;

    /// <summary>Where the gallery of a folder of pictures lies when nobody says: outside of it, under its name and a hash of its path.</summary>
    public static DirectoryInfo DefaultOf(string pictures)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(pictures));
        string name = Path.GetFileName(path) is { Length: > 0 } own ? own : "root";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..HashDigits];
        return new DirectoryInfo(Path.Combine(ToolFolders.Galleries, $"{name}-{hash}"));
    }

    /// <summary>Whether a folder is a gallery.</summary>
    public static bool IsGallery(string folder) => File.Exists(Path.Combine(folder, Manifest));

    /// <summary>The galleries that lie at their default places.</summary>
    public static IReadOnlyList<DirectoryInfo> FindAll()
        => Directory.Exists(ToolFolders.Galleries)
            ? [.. Directory.GetDirectories(ToolFolders.Galleries).Where(IsGallery).Order(StringComparer.Ordinal).Select(folder => new DirectoryInfo(folder))]
            : [];

    /// <summary>The gallery that a folder is, or that was made of it.</summary>
    /// <exception cref="InvalidGalleryException">It is neither.</exception>
    public static DirectoryInfo Find(string given) => TryFind(given) ?? throw new InvalidGalleryException(Directory.Exists(given)
        ? $"'{given}' is no gallery: it holds no manifest.json, and no gallery was made of it. If it is a folder of pictures, run: cir index {CommandLineWord.Quoted(given)}"
        : $"There is no folder '{given}'. Name a gallery (which holds a manifest.json), or a folder of pictures that 'cir index' made one of.");

    /// <summary>The gallery that a folder is, or that was made of it; <see langword="null"/> for none.</summary>
    public static DirectoryInfo? TryFind(string given)
        => IsGallery(given) ? new DirectoryInfo(given) : Directory.Exists(given) && DefaultOf(given) is var place && IsGallery(place.FullName) ? place : null;

    /// <summary>The gallery that is meant where none is named: that of the current folder, or the only one there is; <see langword="null"/> for none.</summary>
    public static DirectoryInfo? FindImplied()
        => TryFind(Directory.GetCurrentDirectory()) ?? (FindAll() is [var only] ? only : null);
}
