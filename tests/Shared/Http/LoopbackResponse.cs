using System.Text;

namespace ZeroShotCir.Tests.Http;

/// <summary>What a <see cref="LoopbackServer"/> answers, truthfully or not.</summary>
internal sealed record LoopbackResponse(int Status)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>The Content-Length that is announced; the truth unless set.</summary>
    public long? AnnouncedLength { get; init; }

    /// <summary>After how many bytes of the body the connection is dropped; never unless set.</summary>
    public int? DropAfter { get; init; }

    public static LoopbackResponse Text(int status, string body, string contentType = "text/plain")
        => new(status) { Body = Encoding.UTF8.GetBytes(body), Headers = { ["Content-Type"] = contentType } };

    public static LoopbackResponse Json(string body) => Text(200, body, "application/json");
}
