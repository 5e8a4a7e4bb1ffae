namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Says what happened to a request and what helps.</summary>
internal static class FailureAdvice
{
    /// <summary>What happened, as the continuation of "The chat service of model …".</summary>
    public static string Describe(ChatFailure failure, string client) => failure switch
    {
        { Cause: ChatCause.EventStream } => "answered with an event stream, though none was asked for",
        { Cause: ChatCause.WebPage } => "answered with a web page instead of JSON, such as a sign-in page or a proxy's",
        { Cause: ChatCause.Unreadable, IsInsideSuccess: true } => "answered with something that cannot be read",
        { IsInsideSuccess: true, Status: { } code } => $"answered with HTTP status 200 and an error {code} inside",
        { IsInsideSuccess: true } => "answered with HTTP status 200 and an error inside",
        { Status: { } status } => $"answered with HTTP status {status}",
        _ => $"failed ({client})",
    };

    /// <summary>What helps.</summary>
    public static string For(ChatFailure failure, ChatSettings settings)
    {
        ChatSettingNames names = settings.Names;
        return failure.Cause switch
        {
            _ when failure.Kind == ChatFailureKind.Transient && failure.RetryAfter is { } asked && asked > settings.MaxDelay
                => $"The server asks to wait {asked}, longer than {names.MaxDelay} = {settings.MaxDelay}. Run again later.",
            ChatCause.Unreachable => $"Check that the service runs and that {names.Endpoint} is right; run again later, or raise {names.MaxRetries}.",
            ChatCause.TimedOut => $"Raise {names.Timeout}, lower {names.MaxConcurrency}, or use a faster model.",
            ChatCause.Busy => $"Run again later, lower {names.MaxConcurrency}, or raise {names.MaxRetries}.",
            ChatCause.Unreadable => $"Check that {names.Endpoint} is a chat model's; run again later.",
            ChatCause.Key => $"Check {names.Key}.",
            ChatCause.Rights => $"Check what {names.Key} may use.",
            ChatCause.Credit => $"Sending it again does not help: add credit, or change {names.Key}.",
            ChatCause.Model => $"Check {names.Endpoint} and {names.Model}.",
            ChatCause.Endpoint => $"Check {names.Endpoint}: it does not take chat requests.",
            ChatCause.StructuredOutput => $"The server does not take a JSON schema: use {names.StructuredOutput}.",
            ChatCause.Setting => $"The server does not know a setting: leave out or change {names.Optional}.",
            ChatCause.EventStream => "Turn streaming off in the server or in the gateway before it.",
            ChatCause.WebPage => $"Check {names.Endpoint}, and sign in where the network asks for it.",
            ChatCause.TooLarge => $"Send smaller pictures: lower {names.MaxEdge}.",
            ChatCause.TooLong => $"Limit the model by {names.MaxOutputTokens}, or check that {names.Endpoint} is a chat model's.",
            _ => "Leave this input out, or ask a model that takes it.",
        };
    }
}
