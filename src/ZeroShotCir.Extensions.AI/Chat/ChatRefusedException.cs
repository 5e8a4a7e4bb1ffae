namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The model or its content filter refused to answer.</summary>
public sealed class ChatRefusedException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public ChatRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ChatRefusedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
