using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Encodes texts that are not remembered, and gives the rows of all.</summary>
internal sealed class TextFeatureCache(ITextEncoder encoder, FeatureEncoderOptions options)
{
    private readonly EmbeddingCache _cache = new(options.CacheFolder, "texts", encoder.Info);

    /// <summary>Encodes the texts of groups, each distinct one once, and says how many were new.</summary>
    public async Task<int> EncodeAsync(string stage, IReadOnlyList<IReadOnlyList<string>> groups, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        string[] distinct = [.. groups.SelectMany(texts => texts).Distinct(StringComparer.Ordinal)];
        string[] unknown = [.. distinct.Where(text => !_cache.Contains(EmbeddingCache.KeyOf(text)))];
        int done = distinct.Length - unknown.Length;
        foreach (string[] batch in unknown.Chunk(options.BatchSize * ImageFeatureCache.BatchesPerFile))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EmbeddingMatrix embeddings = EmbeddingMatrix.Allocate(batch.Length, encoder.Info.Dimensions, out Memory<float> rows);
            int first = 0;
            foreach (string[] texts in batch.Chunk(options.BatchSize))
            {
                int width = encoder.Info.Dimensions;
                await encoder.EncodeAsync(texts, rows.Slice(first * width, texts.Length * width), cancellationToken).ConfigureAwait(false);
                first += texts.Length;
                progress?.Report(new EncodingProgress(stage, done + first, distinct.Length));
            }

            _cache.Add([.. batch.Select(text => EmbeddingCache.KeyOf(text))], embeddings);
            done += batch.Length;
        }

        return unknown.Length;
    }

    /// <summary>The row of one text, raw.</summary>
    public void Write(string text, Span<float> row) => _cache.Get(EmbeddingCache.KeyOf(text)).CopyTo(row);

    /// <summary>One text keeps its raw embedding; several become their mean direction.</summary>
    public void Write(IReadOnlyList<string> texts, Span<float> row)
    {
        if (texts.Count == 1)
        {
            Write(texts[0], row);
            return;
        }

        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(texts.Count, encoder.Info.Dimensions, out Memory<float> values);
        for (int i = 0; i < texts.Count; i++)
        {
            Write(texts[i], values.Span.Slice(i * rows.Dimensions, rows.Dimensions));
        }

        MeanDirection.Compute(rows, row);
    }
}
