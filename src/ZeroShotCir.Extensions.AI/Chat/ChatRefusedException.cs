using ZeroShotCir.Answers;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The model, its content filter or its server refused this input.</summary>
public sealed class ChatRefusedException : InputRefusedException
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

    /// <summary>How the server refused it; <see langword="null"/> where the model did, in its answer.</summary>
    public ChatFailure? Failure { get; init; }
}
