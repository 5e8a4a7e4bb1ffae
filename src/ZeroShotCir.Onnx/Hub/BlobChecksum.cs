using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>
/// Checks a file against its ETag: 64 hexadecimal digits are the SHA-256 of its bytes, 40 the SHA-1 that git gives it. Other hubs'
/// other ETags prove nothing, and the length has to do.
/// </summary>
internal static class BlobChecksum
{
    public static async Task<bool> MatchesAsync(string path, string etag, long? length, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            if (length is { } expected && file.Length != expected)
            {
                return false;
            }

            return (etag.Length, etag.All(char.IsAsciiHexDigitLower)) switch
            {
                (64, true) => Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)) == etag,
                (40, true) => await GitHashAsync(file, cancellationToken).ConfigureAwait(false) == etag,
                _ => true,
            };
        }
    }

    private static async Task<string> GitHashAsync(FileStream file, CancellationToken cancellationToken)
    {
#pragma warning disable CA5350 // git's name of a file is a SHA-1; it is compared here, not trusted for secrecy.
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
