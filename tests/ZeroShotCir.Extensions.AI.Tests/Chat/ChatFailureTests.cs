using System.Net;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tests.Chat;

public sealed class ChatFailureTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData("0.5", 0.5)]
    [InlineData("Sat, 01 Jan 2000 00:01:30 GMT", 90)]
    [InlineData("Fri, 31 Dec 1999 00:00:00 GMT", 0)]
    public void Retry_after_is_read_as_seconds_or_as_a_date(string header, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), ChatFailure.FromHttp(429, header, new Y2K()).RetryAfter);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-3")]
    [InlineData("1e300")]
    [InlineData("99999999999999999999")]
    public void A_header_that_cannot_be_read_counts_as_absent(string? header)
        => Assert.Null(ChatFailure.FromHttp(429, header).RetryAfter);

    [Theory]
    [InlineData("HTTP 429 (rate_limit: tokens)\n\nslow down", 429)]
    [InlineData("Service request failed.\nStatus: 503 (Busy)", 503)]
    [InlineData("HTTP 200 but nonsense", null)]
    [InlineData("HTTP", null)]
    [InlineData("no connection", null)]
    public void The_status_is_read_from_messages_of_known_clients(string message, int? status)
        => Assert.Equal(status, ChatFailure.FromException(new InvalidOperationException(message)).Status);

    [Fact]
    public void The_status_of_the_framework_is_read_directly()
        => Assert.Equal(401, ChatFailure.FromException(new HttpRequestException("no", null, HttpStatusCode.Unauthorized)).Status);

    [Theory]
    [InlineData(null, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(529, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(413, false)]
    public void Only_what_may_pass_is_transient(int? status, bool transient)
        => Assert.Equal(transient, new ChatFailure(status).IsTransient);

    private sealed class Y2K : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
