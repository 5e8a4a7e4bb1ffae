using ZeroShotCir.Errors;

namespace ZeroShotCir.Embeddings;

/// <summary>An input that a composed encoder cannot read: longer than its context, or with marks of images, sound or video in a text.</summary>
public sealed class InvalidComposedInputException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidComposedInputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidComposedInputException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The position of the input among those that were given together.</summary>
    /// <value>From 0; the default value is <see langword="null"/>: it is not known which one.</value>
    public int? Index { get; init; }
}
