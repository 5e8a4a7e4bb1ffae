using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests;

/// <summary>Encodes texts by their letters and images by their bytes; can be held up, counts its calls, and refuses the word "bad".</summary>
internal sealed class CountingEncoder : ITextEncoder, IImageEncoder
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = new();

    public CountingEncoder(bool isHeld = false)
    {
        if (!isHeld)
        {
            _open.SetResult();
        }
    }

    public EncoderInfo Info { get; } = new("letters", 4, isUnitLength: false);

    public List<int> Batches { get; } = [];

    public void Release() => _open.TrySetResult();

    public void Hold() => _open = new TaskCompletionSource();

    public static float[] RowOf(string text)
    {
        float[] row = [1, 0, 0, 0];
        foreach (char letter in text)
        {
            row[letter % 4] += letter;
        }

        return row;
    }

    public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        => EncodeAsync(texts, destination, _ => new InvalidEmbeddingException("A bad text."), cancellationToken);

    public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        => EncodeAsync(
            [.. images.Select(image => Encoding.UTF8.GetString(image.Data.Span))],
            destination,
            index => new InvalidImageException("A bad image.") { Index = index },
            cancellationToken);

    private async ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, Func<int, Exception> refuse, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Batches.Add(texts.Count);
        }

        await _open.Task.WaitAsync(cancellationToken);
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i] == "bad")
            {
                throw refuse(i);
            }

            RowOf(texts[i]).CopyTo(destination.Span[(i * 4)..]);
        }
    }
}
