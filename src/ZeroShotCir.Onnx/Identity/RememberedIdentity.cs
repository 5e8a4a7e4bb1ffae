using System.Security.Cryptography;
using System.Text;

namespace ZeroShotCir.Onnx.Identity;

/// <summary>An identity in a folder of them, kept under what it was worked out from: stamps of files, and this build of the library.</summary>
/// <param name="folder">The folder.</param>
/// <param name="stamp">What stands for everything that the identity depends on.</param>
/// <param name="lastWrite">When the youngest file was written.</param>
internal sealed class RememberedIdentity(string folder, string stamp, DateTime lastWrite)
{
    private const int LongestIdentity = 512;

    // File systems count times in steps; a file that was written just now may be written again within the same one.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private readonly string _path = Path.Combine(folder, Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{typeof(RememberedIdentity).Module.ModuleVersionId} {stamp}"))) + ".id");

    /// <summary>Whether a file written then may have been written again since, with the same times.</summary>
    public static bool IsUnsettled(DateTime lastWrite) => DateTime.UtcNow - lastWrite < Settled;

    /// <summary>What is remembered; <see langword="null"/> for nothing.</summary>
    public string? Read()
    {
        try
        {
            FileInfo file = new(_path);
            string? identity = file.Exists && file.Length <= LongestIdentity ? File.ReadAllText(_path) : null;
            // Cut off or filled with zeros by a power cut, it does not end with its mark.
            return identity is not null && identity.EndsWith('\n') ? identity[..^1] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Remembers an identity, and returns it.</summary>
    public string Write(string identity)
    {
        if (IsUnsettled(lastWrite))
        {
            return identity;
        }

        try
        {
            Directory.CreateDirectory(folder);
            string temporary = $"{_path}.{Guid.NewGuid():N}";
            File.WriteAllText(temporary, identity + "\n");
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where nothing can be kept, it is worked out each time.
        }

        return identity;
    }
}
