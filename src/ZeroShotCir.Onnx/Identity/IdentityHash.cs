using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ZeroShotCir.Buffers;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Identity;

/// <summary>
/// Hashes, field by field, what can change a result: each value with its name and length, numbers as the invariant culture
/// writes them, so that an identity depends neither on the machine nor on how a class prints itself.
/// </summary>
/// <param name="byStamp">Whether files count by path, length and times instead of what is in them: quick, for a key and not for an identity.</param>
internal sealed class IdentityHash(bool byStamp = false) : IDisposable
{
    private const int BufferSize = 1 << 20;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>When the youngest of the files was written that were added by their stamps.</summary>
    public DateTime LastWrite { get; private set; }

    /// <summary>Adds a text; absent is not empty.</summary>
    public void Add(string name, string? value)
    {
        AddBytes(Encoding.UTF8.GetBytes(name));
        AddBytes(value is null ? [] : [1, .. Encoding.UTF8.GetBytes(value)]);
    }

    /// <summary>Adds an integer that may be absent.</summary>
    public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds an integer.</summary>
    public void Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a number, with all its digits.</summary>
    public void Add(string name, double value) => Add(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a truth value.</summary>
    public void Add(string name, bool? value) => Add(name, value switch { null => null, true => "true", false => "false" });

    /// <summary>Adds every byte of a file.</summary>
    /// <exception cref="InvalidModelException">It cannot be read.</exception>
    public void AddFile(string path)
    {
        if (byStamp)
        {
            AddStamp(path);
            return;
        }

        using RentedArray<byte> buffer = new(BufferSize);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            AddLength(file.Length);
            for (int read; (read = file.Read(buffer.Span)) > 0;)
            {
                _hash.AppendData(buffer.Span[..read]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"'{path}' cannot be read, so that the model cannot be identified: {e.Message}", e);
        }
    }

    /// <summary>Adds what a JSON file says: its values, without blanks, comments and the spelling of escapes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ignored">Fields of the root that change nothing.</param>
    /// <exception cref="InvalidModelException">It cannot be read.</exception>
    public void AddJson(string path, params IReadOnlyCollection<string> ignored)
    {
        if (byStamp)
        {
            AddStamp(path);
            return;
        }

        try
        {
            ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
            Utf8JsonReader reader = new(
                bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes,
                new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 128 });
            byte[] text = new byte[bytes.Length];
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && ignored.Contains(reader.GetString()))
                {
                    reader.Skip();
                    continue;
                }

                _hash.AppendData([(byte)reader.TokenType]);
                AddBytes(reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? text.AsSpan(0, reader.CopyString(text)) : reader.ValueSpan);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new InvalidModelException($"'{path}' cannot be read, so that the model cannot be identified: {e.Message}", e);
        }
    }

    /// <summary>Adds the lines of a text file, whatever ends them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ignoredStart">What lines that change nothing begin with.</param>
    /// <exception cref="InvalidModelException">It cannot be read.</exception>
    public void AddLines(string path, string? ignoredStart = null)
    {
        if (byStamp)
        {
            AddStamp(path);
            return;
        }

        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (ignoredStart is null || !line.StartsWith(ignoredStart, StringComparison.Ordinal))
                {
                    AddBytes(Encoding.UTF8.GetBytes(line));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"'{path}' cannot be read, so that the model cannot be identified: {e.Message}", e);
        }
    }

    /// <summary>The hash of all that was added.</summary>
    /// <param name="digits">How many hexadecimal digits of it.</param>
    public string Finish(int digits) => Convert.ToHexStringLower(_hash.GetHashAndReset())[..digits];

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    // The handle follows links, which the files of a hub's cache are.
    private void AddStamp(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            DateTime written = File.GetLastWriteTimeUtc(file);
            Add(Path.GetFullPath(path), RandomAccess.GetLength(file));
            Add("written", written.Ticks);
            Add("created", File.GetCreationTimeUtc(file).Ticks);
            LastWrite = written > LastWrite ? written : LastWrite;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"'{path}' cannot be read, so that the model cannot be identified: {e.Message}", e);
        }
    }

    private void AddBytes(ReadOnlySpan<byte> bytes)
    {
        AddLength(bytes.Length);
        _hash.AppendData(bytes);
    }

    private void AddLength(long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        _hash.AppendData(bytes);
    }
}
