using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ZeroShotCir.Text;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The first eight bytes of the SHA-256 of an id in UTF-8, as a little-endian number: the key of the stored id table.</summary>
/// <remarks>Ids are hashed composed (NFC), so that a name is found in whatever Unicode form it is asked for. Format 1 hashed them as they are.</remarks>
internal static class IdHash
{
    /// <summary>Marks an id table whose hashes are those of composed ids.</summary>
    public const string ComposedKey = "composed";

    public static ulong Compute(string id) => ComputeExact(CanonicalForm.Compose(id));

    public static ulong ComputeExact(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
