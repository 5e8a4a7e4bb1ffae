using System.Buffers;
using System.Text.Json;

namespace ZeroShotCir.Tensors;

/// <summary>The JSON at the start of a safetensors file.</summary>
/// <remarks>
/// Read as strictly as the reference implementation: names are unique, and the tensors fill the bytes after the header without gap,
/// overlap or rest. Fields of a tensor other than <c>dtype</c>, <c>shape</c> and <c>data_offsets</c> are ignored.
/// </remarks>
internal sealed record SafeTensorsHeader(IReadOnlyList<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The largest header that is read, in bytes; the limit of the reference implementation.</summary>
    public const int MaxLength = 100_000_000;

    private const string MetadataName = "__metadata__";

    /// <exception cref="FormatException">The header breaks the format; the message completes "the file '…' is malformed: ".</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        Dictionary<string, string> metadata = [];
        Dictionary<string, TensorInfo> tensors = [];
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 16 });
            ReadToken(ref reader, JsonTokenType.StartObject, "the header");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (name == MetadataName)
                {
                    ReadMetadata(ref reader, metadata);
                }
                else if (!tensors.TryAdd(name, ReadTensor(ref reader, name)))
                {
                    throw new FormatException($"the tensor '{name}' occurs twice in the header.");
                }
            }

            reader.Read(); // Anything but blanks after the object is an error.
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"the header is not the expected JSON: {e.Message}", e);
        }

        TensorInfo[] ordered = [.. tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength)];
        CheckLayout(ordered, dataLength);
        return new SafeTensorsHeader(ordered, metadata);
    }

    public byte[] ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        if (Metadata.Count > 0)
        {
            writer.WriteStartObject(MetadataName);
            foreach ((string key, string value) in Metadata)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        foreach (TensorInfo tensor in Tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", TensorTypes.NameOf(tensor.Type));
            writer.WriteStartArray("shape");
            foreach (long size in tensor.Shape)
            {
                writer.WriteNumberValue(size);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(tensor.Offset);
            writer.WriteNumberValue(tensor.Offset + tensor.ByteLength);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        ReadToken(ref reader, JsonTokenType.StartObject, MetadataName);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            ReadToken(ref reader, JsonTokenType.String, $"the metadata '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw new FormatException($"the metadata '{key}' occurs twice in the header.");
            }
        }
    }

    private static TensorInfo ReadTensor(ref Utf8JsonReader reader, string name)
    {
        TensorType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        ReadToken(ref reader, JsonTokenType.StartObject, $"the tensor '{name}'");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                ReadToken(ref reader, JsonTokenType.String, $"the dtype of the tensor '{name}'");
                string dtype = reader.GetString()!;
                type = TensorTypes.TryParse(dtype, out TensorType parsed)
                    ? parsed
                    : throw new FormatException($"the tensor '{name}' has the unknown dtype '{dtype}'.");
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                shape = ReadNumbers(ref reader, $"the shape of the tensor '{name}'");
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                offsets = ReadNumbers(ref reader, $"the data_offsets of the tensor '{name}'");
            }
            else
            {
                reader.Skip();
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end] || end < begin)
        {
            throw new FormatException($"the tensor '{name}' needs a dtype, a shape and two ascending data_offsets.");
        }

        long bytes = TensorTypes.SizeOf(type.Value);
        foreach (long size in shape)
        {
            bytes = size == 0 || bytes <= long.MaxValue / size
                ? bytes * size
                : throw new FormatException($"the shape [{string.Join(", ", shape)}] of the tensor '{name}' is too large to address.");
        }

        return bytes == end - begin
            ? new TensorInfo(name, type.Value, shape, begin, bytes)
            : throw new FormatException(
                $"the tensor '{name}' of shape [{string.Join(", ", shape)}] and dtype {TensorTypes.NameOf(type.Value)} needs {bytes} bytes, "
                + $"but its data_offsets span {end - begin}.");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string what)
    {
        List<long> numbers = [];
        ReadToken(ref reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw new FormatException($"{what} must be an array of whole numbers of at least 0.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private static void ReadToken(ref Utf8JsonReader reader, JsonTokenType expected, string what)
    {
        if (!reader.Read() || reader.TokenType != expected)
        {
            throw new FormatException($"{what} must be a JSON {(expected switch
            {
                JsonTokenType.StartObject => "object",
                JsonTokenType.StartArray => "array",
                _ => "string",
            })}.");
        }
    }

    private static void CheckLayout(TensorInfo[] ordered, long dataLength)
    {
        long end = 0;
        foreach (TensorInfo tensor in ordered)
        {
            if (tensor.Offset != end)
            {
                throw new FormatException(
                    $"the tensor '{tensor.Name}' starts at byte {tensor.Offset} where {end} was expected; tensors must neither overlap nor leave gaps.");
            }

            end += tensor.ByteLength;
        }

        if (end != dataLength)
        {
            throw new FormatException(
                $"the tensors need {end} bytes after the header, but the file has {dataLength}; it was {(dataLength < end ? "cut off" : "written by something else")}.");
        }
    }
}
