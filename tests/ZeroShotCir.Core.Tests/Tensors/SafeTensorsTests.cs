using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Tests.Tensors;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read_back()
    {
        string path = _folder.File("a.safetensors");
        using (SafeTensorsWriter writer = new(path))
        {
            writer.SetMetadata("ids", """["a","ü\"b"]""");
            writer.Begin<float>("rows", 3);
            writer.Append<float>([1, 2, 3]);
            writer.Append<float>([4, 5, 6, 7, 8, 9]);
            writer.Begin<sbyte>("bytes");
            writer.Append<sbyte>([-1, 2, -3]);
            writer.Write<double>("scalar", [0.5]);
            writer.Write<long>("grid", [1, 2, 3, 4], 2, 2);
            writer.Write<float>("none", [], 0, 4);
            writer.Complete();
        }

        SafeTensorsFile file = SafeTensorsFile.Open(path);

        Assert.Equal("""["a","ü\"b"]""", file.Metadata["ids"]);
        Assert.Equal(["rows", "bytes", "scalar", "grid", "none"], file.Tensors.Select(tensor => tensor.Name));
        EmbeddingMatrix rows = file.ReadMatrix("rows");
        Assert.Equal((3, 3), (rows.Rows, rows.Dimensions));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], rows.Values.ToArray());
        Assert.Equal([-1, 2, -3], file.Read<sbyte>("bytes").ToArray());
        Assert.Equal([0.5], file.Read<double>("scalar").ToArray()); // Not aligned in the file: copied.
        Assert.Equal([1, 2, 3, 4], file.Read<long>("grid").ToArray());
        Assert.Equal(0, file.ReadMatrix("none").Rows);
        Assert.False(File.Exists(path + ".tmp"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100_000)]
    public unsafe void Numbers_start_at_a_multiple_of_64_bytes_even_when_late_metadata_outgrows_the_reserve(int metadataLength)
    {
        string path = _folder.File("aligned.safetensors");
        float[] values = [.. Enumerable.Range(0, 300_000).Select(i => (float)i)];
        using (SafeTensorsWriter writer = new(path))
        {
            writer.Begin<float>("embeddings", 3);
            writer.Append<float>(values);
            writer.SetMetadata("late", new string('x', metadataLength));
            writer.Complete();
        }

        SafeTensorsFile file = SafeTensorsFile.Open(path);
        EmbeddingMatrix matrix = file.ReadMatrix("embeddings");
        Assert.Equal(metadataLength, file.Metadata["late"].Length);
        Assert.Equal(values, matrix.Values.ToArray());
        fixed (float* start = matrix.Values)
        {
            Assert.Equal(0, (nint)start % 64);
        }
    }

    [Fact]
    public void The_header_is_what_other_readers_expect()
    {
        string path = _folder.File("b.safetensors");
        using (SafeTensorsWriter writer = new(path))
        {
            writer.Write<float>("x", [1, 2], 1, 2);
            writer.Complete();
        }

        byte[] bytes = File.ReadAllBytes(path);
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
        JsonElement tensor = header.RootElement.GetProperty("x");
        Assert.Equal((byte)'{', bytes[8]);
        Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
        Assert.Equal("[1,2]", tensor.GetProperty("shape").GetRawText());
        Assert.Equal("[0,8]", tensor.GetProperty("data_offsets").GetRawText());
        Assert.Equal(8 + length + 8, bytes.Length);
    }

    [Fact]
    public void Without_completion_nothing_appears_and_the_old_file_stays()
    {
        string path = _folder.File("c.safetensors");
        File.WriteAllText(path, "old");
        using (SafeTensorsWriter writer = new(path))
        {
            writer.Write<float>("x", [1]);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("{}", 1, "written by something else")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes, but its data_offsets span 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "neither overlap nor leave gaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "neither overlap nor leave gaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "occurs twice")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", 4, "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "ascending data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "needs a dtype, a shape")]
    [InlineData("""{"a":3}""", 0, "must be a JSON object")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4, "must be a JSON string")]
    [InlineData("""{"__metadata__":{"a":{}}}""", 0, "must be a JSON string")]
    [InlineData("""[]""", 0, "must be a JSON object")]
    [InlineData("""{} x""", 0, "not the expected JSON")]
    [InlineData("""{"a" """, 0, "not the expected JSON")]
    [InlineData("""{"a":{"x":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}}""", 0, "not the expected JSON")]
    [InlineData("", 0, "not the expected JSON")]
    public void A_malformed_header_is_refused_with_the_file_named(string header, int dataLength, string expected)
    {
        string path = WriteRaw((ulong)Encoding.UTF8.GetByteCount(header), header, dataLength);

        InvalidTensorFileException e = Assert.Throws<InvalidTensorFileException>(() => SafeTensorsFile.Open(path));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(1000UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x8000_0000_0000_0000UL)]
    public void A_lie_about_the_header_length_is_refused(ulong length)
        => Assert.Throws<InvalidTensorFileException>(() => SafeTensorsFile.Open(WriteRaw(length, "{}      ", 0)));

    [Fact]
    public void Every_truncation_and_every_flipped_header_byte_is_refused_or_read_without_harm()
    {
        string path = _folder.File("d.safetensors");
        using (SafeTensorsWriter writer = new(path))
        {
            writer.Write<float>("embeddings", [1, 2, 3, 4], 2, 2);
            writer.Complete();
        }

        byte[] good = File.ReadAllBytes(path);
        string other = _folder.File("e.safetensors");
        for (int length = 0; length < good.Length; length += length < 200 ? 1 : 97)
        {
            File.WriteAllBytes(other, good[..length]);
            Assert.Throws<InvalidTensorFileException>(() => SafeTensorsFile.Open(other));
        }

        int refused = 0;
        for (int bit = 0; bit < 100 * 8; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            File.Delete(other);
            File.WriteAllBytes(other, bad);
            try
            {
                SafeTensorsFile file = SafeTensorsFile.Open(other);
                foreach (TensorInfo tensor in file.Tensors)
                {
                    Assert.Equal(16, tensor.ByteLength);
                }
            }
            catch (InvalidTensorFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 300, 800);
    }

    [Fact]
    public void A_missing_file_a_missing_tensor_and_a_wrong_type_are_told_apart()
    {
        string path = _folder.File("f.safetensors");
        using (SafeTensorsWriter writer = new(path))
        {
            writer.Write<float>("image", [1, 2], 2);
            writer.Complete();
        }

        SafeTensorsFile file = SafeTensorsFile.Open(path);
        Assert.Contains("does not exist", Assert.Throws<InvalidTensorFileException>(() => SafeTensorsFile.Open(path + "x")).Message, StringComparison.Ordinal);
        Assert.Contains("Found: image", Assert.Throws<InvalidTensorFileException>(() => file.Read<float>("text")).Message, StringComparison.Ordinal);
        Assert.Contains("expected I32", Assert.Throws<InvalidTensorFileException>(() => file.Read<int>("image")).Message, StringComparison.Ordinal);
        Assert.Contains("[rows, dimensions]", Assert.Throws<InvalidTensorFileException>(() => file.ReadMatrix("image")).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => file.Read<char>("image"));
    }

    [Fact]
    public void The_writer_refuses_what_does_not_fit()
    {
        using SafeTensorsWriter writer = new(_folder.File("g.safetensors"));
        Assert.Throws<InvalidOperationException>(() => writer.Append<float>([1]));
        writer.Begin<float>("x", 2);
        Assert.Throws<ArgumentException>(() => writer.Append<float>([1]));
        Assert.Throws<InvalidOperationException>(() => writer.Append<int>([1, 2]));
        Assert.Throws<ArgumentException>(() => writer.Begin<float>("x"));
        Assert.Throws<ArgumentException>(() => writer.Write<float>("y", [1, 2], 3));
        writer.Complete();
        Assert.Throws<ObjectDisposedException>(writer.Complete);
    }

    [Fact]
    public void A_matrix_outlives_the_file_object_and_the_deleted_file()
    {
        EmbeddingMatrix matrix = OpenAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.Equal([1, 2, 3, 4], matrix.Values.ToArray());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EmbeddingMatrix OpenAndForget()
    {
        string path = _folder.File("h.safetensors");
        using (SafeTensorsWriter writer = new(path))
        {
            writer.Write<float>("embeddings", [1, 2, 3, 4], 2, 2);
            writer.Complete();
        }

        EmbeddingMatrix matrix = SafeTensorsFile.Open(path).ReadMatrix("embeddings");
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return matrix;
    }

    private string WriteRaw(ulong headerLength, string header, int dataLength)
    {
        string path = _folder.File("raw.safetensors");
        byte[] bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength);
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
