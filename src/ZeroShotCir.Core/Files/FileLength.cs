using Microsoft.Win32.SafeHandles;

namespace ZeroShotCir.Files;

/// <summary>The bytes that a file has, where its path is a link too: caches of models hold links, whose own length is that of a path.</summary>
internal static class FileLength
{
    public static long Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }
}
