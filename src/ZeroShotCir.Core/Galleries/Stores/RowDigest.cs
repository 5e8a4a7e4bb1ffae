using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>The digest of a row: of lengths and contents, so that no two rows write the same bytes.</summary>
internal static class RowDigest
{
    public static ulong Compute(StoreRow row)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, row.Id);
        Add(hash, row.Item.Captions.Count);
        foreach (string caption in row.Item.Captions)
        {
            Add(hash, caption);
        }

        Add(hash, row.Item.Metadata.Count);
        foreach ((string name, string value) in row.Item.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, name);
            Add(hash, value);
        }

        Add(hash, row.Vector.Span);
        Add(hash, row.Image.Span);
        Add(hash, row.Captions.Span);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<float> values)
    {
        Add(hash, values.Length);
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }

    private static void Add(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
