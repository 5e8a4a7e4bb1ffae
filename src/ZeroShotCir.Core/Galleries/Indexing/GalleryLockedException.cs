using ZeroShotCir.Errors;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Somebody else is writing to the gallery: there is one writer at a time, and any number of readers.</summary>
public sealed class GalleryLockedException : ZeroShotCirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="folder">The gallery folder.</param>
    /// <param name="innerException">What the system said.</param>
    public GalleryLockedException(string folder, Exception? innerException)
        : base($"The gallery '{folder}' is being written by another process or object. Wait until it ends, or choose another folder.", innerException)
    {
    }
}
