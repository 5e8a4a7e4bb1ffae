namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What made a request fail, as far as advice differs.</summary>
internal enum ChatCause
{
    Unreachable,
    TimedOut,
    Busy,
    Unreadable,

    Refused,
    ContentPolicy,
    TooLarge,
    TooLong,

    Key,
    Rights,
    Credit,
    Model,
    Endpoint,
    StructuredOutput,
    Setting,
    EventStream,
    WebPage,
}
