using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ZeroShotCir.Tool.Documents;

/// <summary>How a command ended: the exit code and the JSON document.</summary>
internal sealed class ToolResult
{
    // The document is a file of its own, never a part of a web page: apostrophes and accents may stand as they are.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Action<Utf8JsonWriter> _write;

    private ToolResult(int exitCode, Action<Utf8JsonWriter> write)
    {
        ExitCode = exitCode;
        _write = write;
    }

    public int ExitCode { get; }

    public static ToolResult Of<T>(T value, JsonTypeInfo<T> type, int exitCode = Options.ExitCode.Done)
        => new(exitCode, writer => JsonSerializer.Serialize(writer, value, type));

    public static ToolResult Failure(string type, string message, int exitCode)
        => Of(new FailureDocument(new ErrorDocument(type, message)), ToolJson.Default.FailureDocument, exitCode);

    /// <summary>Writes the document.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteTo(JsonDestination destination)
    {
        using MemoryStream document = new();
        using (Utf8JsonWriter writer = new(document, Readable))
        {
            _write(writer);
        }

        destination.Write(document.ToArray());
    }
}
