using System.IO.Compression;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The album unpacked for as long as it is used: it travels as one file, since its names are odd on purpose.</summary>
internal static class AlbumFolder
{
    /// <summary>Unpacks the album, uses it, and removes it; does nothing where it did not come with the program.</summary>
    public static async Task UseAsync(string zip, Func<string, Task> use, CancellationToken cancellationToken)
    {
        if (!File.Exists(zip))
        {
            return;
        }

        string folder = Directory.CreateTempSubdirectory("cir-album-").FullName;
        try
        {
            await ZipFile.ExtractToDirectoryAsync(zip, folder, cancellationToken);
            await use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
