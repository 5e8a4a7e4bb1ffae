using System.Security.Cryptography;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>Keeps the soft tokens of the images that were met last, up to a number of bytes, by the bytes of the images.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SoftTokenCache(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, ImageTokens Tokens)>> _byKey = [];
    private readonly LinkedList<(string Key, ImageTokens Tokens)> _latestFirst = [];

    /// <summary>The bytes of what is kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>What an image is known by.</summary>
    public static string KeyOf(ImageData image) => Convert.ToHexString(SHA256.HashData(image.Data.Span));

    /// <summary>The soft tokens of an image, if they are kept.</summary>
    public ImageTokens? Find(string key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out LinkedListNode<(string Key, ImageTokens Tokens)>? node))
            {
                return null;
            }

            _latestFirst.Remove(node);
            _latestFirst.AddFirst(node);
            return node.Value.Tokens;
        }
    }

    /// <summary>Keeps the soft tokens of an image, unless they alone are too large.</summary>
    public void Keep(string key, ImageTokens tokens)
    {
        if (tokens.Bytes > maxBytes)
        {
            return;
        }

        lock (_gate)
        {
            if (_byKey.ContainsKey(key))
            {
                return;
            }

            _byKey[key] = _latestFirst.AddFirst((key, tokens));
            Bytes += tokens.Bytes;
            while (Bytes > maxBytes)
            {
                (string oldest, ImageTokens dropped) = _latestFirst.Last!.Value;
                _latestFirst.RemoveLast();
                _byKey.Remove(oldest);
                Bytes -= dropped.Bytes;
            }
        }
    }
}
