using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Batching;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.AspNetCore.Limits;

/// <summary>Answers every failure by problem details. What a message may tell of the server, such as a path, stays in its log.</summary>
internal sealed partial class ProblemFilter(ILogger<ProblemFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (!(e is OperationCanceledException && context.HttpContext.RequestAborted.IsCancellationRequested))
        {
            return ToResult(e, context.HttpContext);
        }
    }

    /// <summary>The answer for a request.</summary>
    public static IResult Answer(int status, string title, string detail)
        => Results.Json(
            new Microsoft.AspNetCore.Mvc.ProblemDetails { Type = $"https://httpstatuses.io/{status}", Status = status, Title = title, Detail = detail },
            ImageSearchJson.Default.ProblemDetails, "application/problem+json", status);

    private IResult ToResult(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case RequestProblem problem:
                return Answer(problem.Status, problem.Title, problem.Message);
            case BadHttpRequestException { StatusCode: 413 }:
                return Answer(413, "That is too large.", "The request has more bytes than are taken.");
            case BadHttpRequestException bad:
                int status = bad.StatusCode is >= 400 and < 500 ? bad.StatusCode : 400;
                return Answer(status, "The request cannot be understood.", "The request is not complete, or not as HTTP wants it.");
            case UnknownItemException unknown:
                return Answer(404, "There is no such thing.", unknown.Message);
            case InvalidQueryException or InvalidEmbeddingException:
                return Answer(400, "The query cannot be searched for.", exception.Message);
            case EncodingQueueFullException:
                context.Response.Headers.RetryAfter = "1";
                return Answer(429, "The server is busy.", "More searches wait than may. Try again in a moment.");
            case InvalidImageException { IsOverLimit: true }:
                return Answer(413, "That is too large.", "The picture has more pixels than are read here. Shrink it.");
            case InvalidImageException:
                return Answer(400, "The picture cannot be read.", "The picture is damaged, or of a kind that is not read here.");
            default:
                LogFailure(logger, exception, context.Request.Path);
                return Answer(503, "The search is not available.", "The server cannot search just now; its log says why.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request to {Path} could not be answered.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string path);
}
