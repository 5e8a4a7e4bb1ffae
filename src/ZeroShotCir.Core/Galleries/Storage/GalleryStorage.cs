using System.Runtime.InteropServices;
using ZeroShotCir.Files;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>Every change that a gallery makes on disk goes through here, so that tests can let each of them fail.</summary>
internal partial class GalleryStorage
{
    public static GalleryStorage Disk { get; } = new();

    public virtual Stream Create(string path)
        => FileFailure.Promised(path, () => new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16));

    /// <summary>Waits until the content of a file is on the disk.</summary>
    public virtual void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <summary>Waits until the names in a folder are on the disk.</summary>
    public virtual void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals names; there is nothing to call.
        }

        int descriptor = OpenFolder(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder '{folder}' cannot be opened to flush it: error {Marshal.GetLastPInvokeError()}.");
        }

        int result = Synchronize(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);

        // Some file systems cannot flush folders and say so; then there is nothing more to be done.
        const int InvalidArgument = 22;
        if (result != 0 && error != InvalidArgument)
        {
            throw new IOException($"The folder '{folder}' cannot be flushed to the disk: error {error}.");
        }
    }

    /// <summary>Gives a file the name of another one, which disappears, in one step.</summary>
    public virtual void Replace(string source, string destination) => FileFailure.Replace(source, destination);

    public virtual void Delete(string path) => File.Delete(path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
