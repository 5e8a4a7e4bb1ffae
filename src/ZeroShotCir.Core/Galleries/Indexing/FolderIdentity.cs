using System.Runtime.InteropServices;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What makes a folder the same folder whatever path or link leads to it.</summary>
internal static partial class FolderIdentity
{
    /// <returns>Equal strings for equal folders; <see langword="null"/> if there is no such folder.</returns>
    public static string? Read(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                return null;
            }

            string real = RealPath(path);
            return OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? real.ToUpperInvariant() : real;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The path of a file or folder after following every link on the way; without a separator at its end.</summary>
    /// <exception cref="IOException">A link leads nowhere, or in a circle.</exception>
    public static string RealPath(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!OperatingSystem.IsWindows())
        {
            return ResolveOnUnix(full) ?? throw new IOException($"'{path}' cannot be resolved: error {Marshal.GetLastPInvokeError()}.");
        }

        // Junctions and links may stand anywhere on the way.
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            real = new DirectoryInfo(real) is { Exists: true, LinkTarget: not null } link ? link.ResolveLinkTarget(true)?.FullName ?? real : real;
        }

        return Path.TrimEndingDirectorySeparator(real);
    }

    /// <summary>Whether the real path of something lies in a folder, given by its real path.</summary>
    public static bool Holds(string folder, string path)
        => path.Length > folder.Length
            && path.StartsWith(folder, OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);

    private static string? ResolveOnUnix(string path)
    {
        nint resolved = RealPathOf(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            Free(resolved);
        }
    }

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPathOf(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);
}
