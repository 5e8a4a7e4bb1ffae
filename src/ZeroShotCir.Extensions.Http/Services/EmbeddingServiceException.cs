using System.Net;
using ZeroShotCir.Answers;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>An embedding service did not answer, refuses everything, or answered something else than it documents.</summary>
public sealed class EmbeddingServiceException : ServiceUnavailableException
{
    internal EmbeddingServiceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The status of its last answer; <see langword="null"/> where there was none.</summary>
    public HttpStatusCode? Status { get; internal init; }
}
