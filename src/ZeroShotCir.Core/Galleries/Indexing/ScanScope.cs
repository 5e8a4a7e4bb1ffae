using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>The part of a root that was looked at: all of it, or a folder below it.</summary>
/// <param name="Root">The name of the root.</param>
/// <param name="Prefix">The folder below it, with slashes; empty for the root itself.</param>
/// <param name="Content">What was found there, by paths below that folder.</param>
internal sealed record ScanScope(string Root, string Prefix, ImageFolderContent Content)
{
    /// <summary>The path below the root of what has this path below the folder.</summary>
    public string PathOf(string name) => Prefix.Length == 0 ? name : name.Length == 0 ? Prefix : $"{Prefix}/{name}";

    /// <summary>Whether a file that was not found here is missing. A folder without any file is rather away than empty.</summary>
    public bool Covers(ItemPlace place)
        => place.Root == Root && IsBelow(place.Path, Prefix) && Content.Files.Count > 0
            && !Content.Problems.Any(problem => IsBelow(place.Path, PathOf(problem.Name)));

    private static bool IsBelow(string path, string folder)
        => folder.Length == 0 || path == folder || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));
}
