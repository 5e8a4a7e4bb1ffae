using System.Security.Cryptography;
using System.Text;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Names what a model was told, so that what it wrote can be matched with it.</summary>
internal static class PromptHash
{
    private const int Digits = 12;

    /// <summary>The first digits of the SHA-256 of all parts.</summary>
    public static string Compute(params ReadOnlySpan<string?> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part ?? string.Empty);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }
}
