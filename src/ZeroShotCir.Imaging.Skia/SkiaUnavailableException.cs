using ZeroShotCir.Errors;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>SkiaSharp's native library is missing, or of another version or processor than its managed part.</summary>
public sealed class SkiaUnavailableException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What is missing and which package brings it.</param>
    /// <param name="innerException">The cause.</param>
    public SkiaUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
