using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ZeroShotCir.Galleries;

/// <summary>The first eight bytes of the SHA-256 of an id in UTF-8, as a little-endian number: the key of the stored id table.</summary>
internal static class IdHash
{
    public static ulong Of(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
