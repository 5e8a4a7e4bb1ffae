using ZeroShotCir.Diagnostics;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.Hosting.Caching;

/// <summary>Encodes a text once while it is in use: who moves a slider asks for the same text again and again.</summary>
internal sealed class CachingTextEncoder(ITextEncoder encoder) : ITextEncoder
{
    private const int Kept = 1024;
    private readonly RecentValues<string, float[]> _rows = new(Kept, _ => 1);

    public EncoderInfo Info => encoder.Info;

    public async ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int dimensions = Info.Dimensions;
        if (texts.Count > Kept || destination.Length != (long)texts.Count * dimensions)
        {
            await encoder.EncodeAsync(texts, destination, cancellationToken).ConfigureAwait(false);
            return;
        }

        List<int> missing = [];
        for (int i = 0; i < texts.Count; i++)
        {
            bool known = _rows.TryGet(texts[i], out float[]? row);
            Telemetry.CountCache("texts", known);
            if (known)
            {
                row.CopyTo(destination[(i * dimensions)..]);
            }
            else
            {
                missing.Add(i);
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        float[] encoded = new float[missing.Count * dimensions];
        await encoder.EncodeAsync([.. missing.Select(i => texts[i])], encoded, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < missing.Count; i++)
        {
            float[] row = encoded.AsSpan(i * dimensions, dimensions).ToArray();
            row.CopyTo(destination[(missing[i] * dimensions)..]);
            _rows.Put(texts[missing[i]], row);
        }
    }
}
