using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ZeroShotCir.Tool.Tests.Encoders;

/// <summary>A safetensors file read by the format's definition alone, not by the library.</summary>
internal sealed class TensorFile
{
    private readonly byte[] _bytes;
    private readonly int _start;

    public TensorFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        int length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(_bytes));
        Header = JsonDocument.Parse(_bytes.AsMemory(8, length)).RootElement;
        _start = 8 + length;
    }

    public JsonElement Header { get; }

    public (int[] Shape, float[] Values) Read(string tensor)
    {
        JsonElement entry = Header.GetProperty(tensor);
        Assert.Equal("F32", entry.GetProperty("dtype").GetString());
        int[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
        Span<byte> values = _bytes.AsSpan(_start + offsets[0], offsets[1] - offsets[0]);
        return ([.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())], MemoryMarshal.Cast<byte, float>(values).ToArray());
    }
}
