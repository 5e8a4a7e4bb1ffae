using System.Runtime.InteropServices;

namespace ZeroShotCir.Galleries;

/// <summary>Every change that a gallery makes on disk goes through here, so that tests can let each of them fail.</summary>
internal partial class GalleryStorage
{
    public static GalleryStorage Disk { get; } = new();

    public virtual Stream Create(string path)
        => Promised(path, () => new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16));

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
    public virtual void Replace(string source, string destination) => Promised(destination, () =>
    {
        File.Move(source, destination, overwrite: true);
        return destination;
    });

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Missing rights are a disk that cannot be written, as a full one is: the writer promises one type of exception for both.</summary>
    /// <exception cref="IOException">The path cannot be written; the message says why.</exception>
    public static T Promised<T>(string path, Func<T> change)
    {
        try
        {
            return change();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' cannot be written: {e.Message} Ask for the rights, or choose another folder.", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
