using System.Text;
using System.Text.Json;
using ZeroShotCir.Files;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads the files of a tokenizer, and turns whatever is wrong with them into one typed error that names the file.</summary>
internal static class TokenizerFile
{
    /// <summary>The largest published file (Gemma's tokenizer.json) has 34 MB.</summary>
    private const long LargestFile = 256L << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonFormat Format = new("tokenizer file", (message, cause) => new InvalidModelException(message, cause)) { MaxBytes = LargestFile, IsLenient = true };

    /// <summary>Reads a JSON file.</summary>
    public static T ReadJson<T>(string path, Func<JsonElement, T> read) => Read(path, bytes => read(JsonFile.Parse(bytes, path, Format).Element));

    /// <summary>Reads a file as bytes.</summary>
    public static T Read<T>(string path, Func<byte[], T> read)
    {
        try
        {
            long length = FileLength.Read(path);
            return length <= LargestFile
                ? read(File.ReadAllBytes(path))
                : throw new InvalidDataException($"it has {length} bytes, more than the {LargestFile} that a tokenizer file may have");
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or InvalidOperationException or FormatException
            or IOException or UnauthorizedAccessException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidModelException($"The tokenizer file '{path}' cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>The text of a file in UTF-8, without its byte order mark.</summary>
    /// <exception cref="ArgumentException">It is not UTF-8.</exception>
    public static string Text(byte[] bytes) => StrictUtf8.GetString(bytes.AsSpan(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
}
