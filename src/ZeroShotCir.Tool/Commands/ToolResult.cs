using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

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

    /// <param name="value">The document.</param>
    /// <param name="type">How it is written; asked only when it is, because working that out takes longer than many a command.</param>
    /// <param name="exitCode">The exit code.</param>
    public static ToolResult From<T>(T value, Func<ToolJson, JsonTypeInfo<T>> type, int exitCode = Commands.ExitCode.Done)
        => new(exitCode, writer => JsonSerializer.Serialize(writer, value, type(ToolJson.Default)));

    public static ToolResult Failure(string type, string message, int exitCode)
        => From(new FailureDocument(new ErrorDocument(type, message)), json => json.FailureDocument, exitCode);

    /// <summary>Reports that every single picture failed, and completes the result with it.</summary>
    public static ToolResult NothingLeft(Terminal terminal, int failed, Func<ErrorDocument, ToolResult> result)
    {
        string message = failed == 1 ? "The only picture failed; see the line above." : $"All {failed} pictures failed; see the lines above.";
        terminal.Fail(message);
        return result(new ErrorDocument(nameof(InvalidImageException), message));
    }

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
