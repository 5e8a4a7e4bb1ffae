using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Galleries;

/// <summary>Encodes bytes and texts as pseudo-random vectors that depend on nothing but them. Bytes that begin with "bad" are no image.</summary>
internal sealed class FakeEncoder(int dimensions = 8, string modelId = "fake") : IImageEncoder, ITextEncoder
{
    private int _images;
    private int _texts;

    public EncoderInfo Info { get; } = new(modelId, dimensions, isUnitLength: false);

    public int ImagesEncoded => _images;

    public int TextsEncoded => _texts;

    public static float[] Embed(ReadOnlySpan<byte> bytes, int dimensions)
    {
        ulong state = 0xCBF29CE484222325;
        foreach (byte b in bytes)
        {
            state = (state ^ b) * 0x100000001B3;
        }

        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            vector[i] = ((state >> 40) / (float)(1 << 24) * 14) - 7;
        }

        return vector;
    }

    public float[] Text(string text) => Embed(Encoding.UTF8.GetBytes("text:" + text), Info.Dimensions);

    public float[] Image(ReadOnlySpan<byte> bytes) => Embed(bytes, Info.Dimensions);

    public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i].Data.Span.StartsWith("bad"u8))
            {
                throw new InvalidImageException($"'{images[i].Source}' is not an image.");
            }

            Image(images[i].Data.Span).CopyTo(destination.Span[(i * Info.Dimensions)..]);
            Interlocked.Increment(ref _images);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < texts.Count; i++)
        {
            Text(texts[i]).CopyTo(destination.Span[(i * Info.Dimensions)..]);
            Interlocked.Increment(ref _texts);
        }

        return ValueTask.CompletedTask;
    }
}
