using ZeroShotCir.Files;

namespace ZeroShotCir.Answers;

/// <summary>Keeps other writers away from a store, and some space of its disk in reserve for the answers under way when it fills up.</summary>
internal sealed class AnswerStoreLock : IDisposable
{
    private const int ReserveBytes = 64 * 1024;
    private readonly FileStream _file;

    private AnswerStoreLock(FileStream file) => _file = file;

    /// <exception cref="InvalidAnswerStoreException">Somebody else has it.</exception>
    /// <exception cref="IOException">The disk, the rights or the path do not allow it, or there is no space for the reserve.</exception>
    public static AnswerStoreLock Take(string path)
    {
        FileStream file;
        try
        {
            // A file of its own, because locking the store itself would keep readers out too. One that was removed between opening and locking locks nothing.
            do
            {
                file = FileFailure.Promised(path, () => new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            }
            while (!File.Exists(file.Name) && Abandon(file));
        }
        catch (IOException e) when (FileFailure.IsSharingViolation(e))
        {
            throw new InvalidAnswerStoreException(
                $"The file of answers '{path}' is being written by another process or object. Wait until it ends, or choose another file.", e);
        }

        AnswerStoreLock taken = new(file);
        try
        {
            // Noise, since some disks store zeros in no space at all.
            byte[] noise = new byte[ReserveBytes];
            Random.Shared.NextBytes(noise);
            file.Write(noise);
            file.Flush(flushToDisk: true);
            return taken;
        }
        catch (IOException e)
        {
            taken.Dispose();
            throw new IOException($"The disk of the file of answers '{path}' does not take the {ReserveBytes / 1024} KiB that are kept in reserve: {e.Message} "
                + "Nothing was asked. Free some space and run again.", e);
        }
    }

    /// <summary>Gives the reserve back to the disk.</summary>
    /// <returns>Whether there was any.</returns>
    public bool ReleaseReserve()
    {
        if (_file.Length == 0)
        {
            return false;
        }

        _file.SetLength(0);
        return true;
    }

    /// <summary>Ends the lock and takes its file away, too: for a store that kept nothing.</summary>
    public void Remove()
    {
        // Deleted while it is locked, so that nobody else locks it; on Windows only a closed file is deleted, and one that somebody has is not.
        string path = _file.Name;
        if (!OperatingSystem.IsWindows())
        {
            FileFailure.TryDelete(path);
        }

        Dispose();
        if (OperatingSystem.IsWindows())
        {
            FileFailure.TryDelete(path);
        }
    }

    public void Dispose()
    {
        if (_file.CanWrite)
        {
            _file.SetLength(0);
        }

        _file.Dispose();
    }

    private static bool Abandon(FileStream file)
    {
        file.Dispose();
        return true;
    }
}
