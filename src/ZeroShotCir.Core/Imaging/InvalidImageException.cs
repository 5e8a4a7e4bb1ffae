using ZeroShotCir.Errors;

namespace ZeroShotCir.Imaging;

/// <summary>An image that cannot be used: not an image, corrupt, truncated, of an unsupported format, or larger than the limits allow.</summary>
public sealed class InvalidImageException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidImageException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidImageException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The position of the image among those that were given together.</summary>
    /// <value>From 0; the default value is <see langword="null"/>: one image was given, or it is not known which one.</value>
    public int? Index { get; init; }

    /// <summary>Whether the image exceeds a limit, so that it may be used where the limit is another one: nothing may be wrong with it.</summary>
    /// <value>The default value is that of the inner exception, <see langword="false"/> where there is none.</value>
    public bool IsOverLimit
    {
        get => field || InnerException is InvalidImageException { IsOverLimit: true };
        init;
    }

    /// <summary>Whether nothing is known of the image, because its file could not be read.</summary>
    internal bool IsUnread => InnerException is IOException or UnauthorizedAccessException or InvalidImageException { IsUnread: true };
}
