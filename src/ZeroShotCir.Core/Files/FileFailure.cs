namespace ZeroShotCir.Files;

/// <summary>Tells what kept a file from being written: somebody who has it, missing rights, or the disk.</summary>
internal static class FileFailure
{
    /// <summary>Missing rights are a disk that cannot be written, as a full one is: writers promise one type of exception for both.</summary>
    /// <exception cref="IOException">The path cannot be written; the message says why.</exception>
    public static T Promised<T>(string path, Func<T> change)
    {
        try
        {
            return change();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' cannot be written: {e.Message} Ask for the rights, or choose another place.", e);
        }
    }

    /// <summary>Puts a file that was written whole in the place of another one, in one step.</summary>
    /// <exception cref="IOException">It cannot be put there; the message says why.</exception>
    public static void Replace(string source, string destination) => Promised(destination, () =>
    {
        File.Move(source, destination, overwrite: true);
        return destination;
    });

    /// <summary>Deletes a file that does no harm where it stays.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether somebody has the file. Nothing else says so: a full or read-only disk is an <see cref="IOException"/> too.</summary>
    public static bool IsSharingViolation(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 32 or 33 // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
        : exception.HResult is 11 or 35; // EAGAIN, alias EWOULDBLOCK, of Linux and of macOS and the BSDs
}
