using System.Net;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>A chat server's answer that is none: an error, wherever it stood, or something else than an answer. Thrown by <see cref="ChatHttpHandler"/>.</summary>
public sealed class ChatHttpException : HttpRequestException
{
    internal ChatHttpException(ChatFailure failure)
        : base(
            $"The chat server answered with {(failure.Status is { } status ? $"HTTP status {status}" : "something else than an answer")}: "
            + $"{failure.ServerMessage ?? failure.Cause.ToString()}",
            null,
            (HttpStatusCode?)failure.Status)
        => Failure = failure;

    /// <summary>All that is known of it.</summary>
    public ChatFailure Failure { get; }
}
