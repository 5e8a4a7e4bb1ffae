namespace ZeroShotCir.Tool.Options;

/// <summary>Makes messages of exceptions fit for one line.</summary>
internal static class Messages
{
    /// <summary>The message without line breaks and without the name of a parameter, which means nothing on a command line.</summary>
    public static string Describe(Exception exception)
    {
        string message = exception.Message.ReplaceLineEndings(" ");
        return exception is ArgumentException { ParamName: { } parameter }
            ? message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
            : message;
    }
}
