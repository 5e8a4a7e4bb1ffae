using System.Net;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tests.Chat;

public sealed class ChatFailureTests
{
    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("Retry-After", " 0.5 ", 0.5)]
    [InlineData("Retry-After", "Sat, 01 Jan 2000 00:01:30 GMT", 90)]
    [InlineData("Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT", 0)]
    [InlineData("retry-after-ms", "6000", 6)]
    [InlineData("x-ms-retry-after-ms", "1500", 1.5)]
    public void Pauses_are_read_from_headers(string header, string value, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), ChatFailure.FromHttp(429, name => name == header ? value : null, clock: new Y2K()).RetryAfter);

    [Fact]
    public void The_exact_header_counts_before_the_rounded_one()
        => Assert.Equal(TimeSpan.FromMilliseconds(250), ChatFailure.FromHttp(429, name => name == "retry-after-ms" ? "250" : name == "Retry-After" ? "1" : null).RetryAfter);

    [Theory]
    [InlineData("""{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "You exceeded your current quota.", "details": [{"@type": "x"}, """
        + """{"retryDelay": "34.5s"}]}}""", 34.5)]
    [InlineData("""[{"error": {"code": 429, "details": [{"retryDelay": "2s"}]}}]""", 2.0)]
    [InlineData("""{"error": {"details": [{"retryDelay": "soon"}]}}""", null)]
    [InlineData("""{"error": {"details": [{"retryDelay": {"seconds": 3}}]}}""", null)]
    public void Pauses_are_read_from_bodies(string body, double? seconds)
    {
        ChatFailure failure = ChatFailure.FromHttp(429, null, body);

        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, failure.RetryAfter);
        Assert.Equal(ChatFailureKind.Transient, failure.Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-3")]
    [InlineData("1e300")]
    [InlineData("99999999999999999999")]
    public void A_header_that_cannot_be_read_counts_as_absent(string? header)
        => Assert.Null(ChatFailure.FromHttp(429, _ => header).RetryAfter);

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
    [InlineData(408, "", ChatFailureKind.Transient)]
    [InlineData(429, "", ChatFailureKind.Transient)]
    [InlineData(500, "", ChatFailureKind.Transient)]
    [InlineData(529, "", ChatFailureKind.Transient)]
    [InlineData(503, """{"error": "model is loading"}""", ChatFailureKind.Transient)]
    [InlineData(400, "", ChatFailureKind.Input)]
    [InlineData(413, "", ChatFailureKind.Input)]
    [InlineData(415, "", ChatFailureKind.Input)]
    [InlineData(422, """{"detail": [{"loc": ["body", "messages"], "msg": "bad picture"}]}""", ChatFailureKind.Input)]
    [InlineData(451, "", ChatFailureKind.Input)]
    [InlineData(400, """{"error": {"message": "invalid base64", "type": "invalid_request_error", "param": "messages", "code": "invalid_value"}}""", ChatFailureKind.Input)]
    [InlineData(403, """{"error": {"message": "Your input was flagged", "metadata": {"reasons": ["sexual"]}}}""", ChatFailureKind.Input)]
    [InlineData(401, "", ChatFailureKind.Service)]
    [InlineData(402, "", ChatFailureKind.Service)]
    [InlineData(403, "", ChatFailureKind.Service)]
    [InlineData(404, "", ChatFailureKind.Service)]
    [InlineData(405, "", ChatFailureKind.Service)]
    [InlineData(501, "", ChatFailureKind.Service)]
    [InlineData(429, """{"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}}""", ChatFailureKind.Service)]
    [InlineData(400, """{"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low to access the API."}}""", ChatFailureKind.Service)]
    [InlineData(400, """[{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}}]""", ChatFailureKind.Service)]
    [InlineData(400, """{"error": {"message": "The model `gpt-9` does not exist", "code": "model_not_found"}}""", ChatFailureKind.Service)]
    [InlineData(400, """{"error": {"message": "unknown field", "param": "response_format"}}""", ChatFailureKind.Service)]
    [InlineData(400, """{"error": {"message": "Unsupported value", "code": "unsupported_value", "param": "temperature"}}""", ChatFailureKind.Service)]
    public void Whom_a_failure_concerns_follows_from_status_and_words(int status, string body, ChatFailureKind kind)
        => Assert.Equal(kind, ChatFailure.FromHttp(status, null, body).Kind);

    [Theory]
    [InlineData("""{"error": {"message": "no credit"}}""", "no credit")]
    [InlineData("""{"error": "no credit"}""", "no credit")]
    [InlineData("""{"object": "error", "message": "no credit", "code": 400}""", "no credit")]
    [InlineData("""{"detail": "no credit"}""", "no credit")]
    [InlineData("""{"detail": [{"loc": ["body"], "msg": "no credit"}]}""", "no credit")]
    [InlineData("""{"errors": [{"message": "no credit"}]}""", "no credit")]
    [InlineData("""[{"error": {"message": "no credit"}}]""", "no credit")]
    [InlineData("""{"error": {"message": "Provider returned error", "metadata": {"raw": "no credit"}}}""", "Provider returned error: no credit")]
    [InlineData("\uFEFF{\"error\": {\"message\": \"no\\n credit\"}}", "no credit")]
    [InlineData("no credit\r\n", "no credit")]
    [InlineData("<html><head><style>p {}</style><title>Error</title></head><body><p>no&nbsp;credit</p></body></html>", "Error no credit")]
    [InlineData("{\"error\": {\"message\": \"no cre", "{\"error\": {\"message\": \"no cre")]
    [InlineData("", null)]
    [InlineData("{}", null)]
    public void The_servers_sentence_is_found_in_every_form(string body, string? sentence)
        => Assert.Equal(sentence, ChatFailure.FromHttp(400, null, body).ServerMessage);

    [Fact]
    public void The_servers_sentence_is_bounded()
        => Assert.InRange(ChatFailure.FromHttp(400, null, new string('x', 1_000_000)).ServerMessage!.Length, 100, 2000);

    private sealed class Y2K : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
