using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroShotCir.AspNetCore.Limits;

/// <summary>Reads the body of a request up to a limit, whatever its headers say.</summary>
internal static class RequestBody
{
    /// <exception cref="RequestProblem">The body is empty or longer than the limit.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, long limit, string what)
    {
        if (context.Request.ContentLength > limit)
        {
            throw TooLong(what, limit);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit + 1;
        }

        using MemoryStream body = new((int)(context.Request.ContentLength ?? 0));
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            if (body.Length + read > limit)
            {
                throw TooLong(what, limit);
            }

            body.Write(buffer.AsSpan(0, read));
        }

        return body.Length > 0 ? body.ToArray() : throw RequestProblem.BadRequest($"The request has no body; expected {what}.");
    }

    private static RequestProblem TooLong(string what, long limit) => RequestProblem.TooLarge($"The body has more than {limit} bytes, the most that {what} may have.");
}
