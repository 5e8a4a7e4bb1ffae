using ZeroShotCir.Errors;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>ImageMagick's native library is missing, or of another version or processor than its managed part.</summary>
public sealed class MagickUnavailableException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What is missing and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public MagickUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
