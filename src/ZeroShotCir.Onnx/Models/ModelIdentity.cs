using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ZeroShotCir.Onnx.Models;

/// <summary>Names a model by its content, so that embeddings of different weights are never mixed up.</summary>
internal static class ModelIdentity
{
    private const int BufferSize = 1 << 20;
    private const int Digits = 16;

    /// <summary>Hashes every byte of the graphs and their external weights, and what else shapes embeddings.</summary>
    /// <exception cref="InvalidModelException">A file cannot be read.</exception>
    public static string Of(string family, string precision, IEnumerable<OnnxGraphFile> graphs, string settings)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (string path in graphs.SelectMany(graph => graph.Weights.Select(weights => Path.Combine(Path.GetDirectoryName(graph.Path)!, weights)).Prepend(graph.Path)).Distinct())
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
                hash.AppendData(Encoding.UTF8.GetBytes(file.Length.ToString(CultureInfo.InvariantCulture)));
                for (int read; (read = file.Read(buffer)) > 0;)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"The weights of the model cannot be read: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return $"{family}-{precision}-{Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits]}";
    }
}
