using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Json;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Embeddings of one encoder on disk, by the content of what was encoded.</summary>
/// <remarks>
/// A folder of immutable safetensors files, each written whole and then renamed: a kill loses at most what was not yet added, and
/// processes may share the folder. A file that cannot be read counts as absent. Not for concurrent use within a process.
/// </remarks>
internal sealed partial class EmbeddingCache
{
    /// <summary>The length of a key: half of a SHA-256 in hexadecimal.</summary>
    public const int KeyLength = 32;
    private const string Tensor = "embeddings";
    private const string KeysEntry = "keys";
    private static readonly JsonFormat Format = new("cache of embeddings", (message, cause) => new InvalidTensorFileException(message, cause));
    private readonly string? _folder;
    private readonly EncoderInfo _encoder;
    private readonly Dictionary<string, (EmbeddingMatrix Matrix, int Row)> _rows = new(StringComparer.Ordinal);

    /// <param name="root">The folder of all caches; <see langword="null"/> to remember in memory only.</param>
    /// <param name="kind">What was encoded: images and texts never share a folder.</param>
    /// <param name="encoder">The encoder; its model id, which covers weights, preprocessing and precision, names the folder.</param>
    public EmbeddingCache(string? root, string kind, EncoderInfo encoder)
    {
        _encoder = encoder;
        if (root is null)
        {
            return;
        }

        _folder = Path.Combine(root, $"{kind}-{KeyOf(Encoding.UTF8.GetBytes($"{encoder.ModelId}\n{encoder.Dimensions}"))}");
        Directory.CreateDirectory(_folder);
        foreach (string file in Directory.GetFiles(_folder, "*.safetensors").Order(StringComparer.Ordinal))
        {
            TryLoad(file);
        }
    }

    public static string KeyOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content))[..KeyLength];

    public static string KeyOf(string text) => KeyOf(Encoding.UTF8.GetBytes(text));

    public bool Contains(string key) => _rows.ContainsKey(key);

    public ReadOnlySpan<float> Get(string key)
    {
        (EmbeddingMatrix matrix, int row) = _rows[key];
        return matrix[row];
    }

    /// <summary>Remembers embeddings, on disk before the call ends.</summary>
    public void Add(IReadOnlyList<string> keys, EmbeddingMatrix embeddings)
    {
        if (keys.Count == 0)
        {
            return;
        }

        if (_folder is not null)
        {
            using SafeTensorsWriter writer = new(Path.Combine(_folder, $"{Guid.CreateVersion7():N}.safetensors"));
            writer.SetMetadata("model", _encoder.ModelId);
            writer.SetMetadata(KeysEntry, JsonSerializer.Serialize([.. keys], KeysJson.Default.StringArray));
            writer.Write(Tensor, embeddings.Values, embeddings.Rows, embeddings.Dimensions);
            writer.Complete();
        }

        Remember(keys, embeddings);
    }

    private void TryLoad(string path)
    {
        try
        {
            SafeTensorsFile file = SafeTensorsFile.Open(path);
            EmbeddingMatrix embeddings = file.ReadMatrix(Tensor);
            IReadOnlyList<string> keys = JsonFile.Parse(Encoding.UTF8.GetBytes(file.Metadata.GetValueOrDefault(KeysEntry, "[]")), path, Format).Texts();
            if (keys.Count == embeddings.Rows && embeddings.Dimensions == _encoder.Dimensions)
            {
                Remember(keys, embeddings);
            }
        }
        catch (Exception e) when (e is InvalidTensorFileException or InvalidEmbeddingException)
        {
            // A damaged file costs its embeddings to be encoded again, nothing more.
        }
    }

    private void Remember(IReadOnlyList<string> keys, EmbeddingMatrix embeddings)
    {
        for (int row = 0; row < keys.Count; row++)
        {
            _rows[keys[row]] = (embeddings, row);
        }
    }

    [JsonSerializable(typeof(string[]))]
    private sealed partial class KeysJson : JsonSerializerContext;
}
