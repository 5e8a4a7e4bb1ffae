using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Encodes reference images and texts together that are not remembered, and gives the rows of all queries.</summary>
/// <remarks>
/// A row is remembered by the encoder, which knows instruction, budget and dimension, by its kind, by the bytes of the image as it is read,
/// by the text, and by their order: the image first.
/// </remarks>
internal sealed class ComposedFeatureCache(IComposedEncoder encoder, ImageFeatureCache images, FeatureEncoderOptions options)
{
    private const string Stage = "queries";
    private readonly EmbeddingCache _cache = new(options.CacheFolder, "composed", encoder.Info);

    /// <summary>Encodes queries, image first, each distinct one once.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="references">The reference image of each query; <see langword="null"/> where it could not be encoded, whose row becomes zeros.</param>
    /// <param name="texts">The texts of each query; the directions of several are averaged.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <returns>One row for each query, and how many inputs were new.</returns>
    public async Task<(EmbeddingMatrix Rows, int Encoded)> EncodeAsync(
        EvaluationDataset dataset,
        IReadOnlyList<GalleryImage?> references,
        IReadOnlyList<IReadOnlyList<string>> texts,
        IProgress<EncodingProgress>? progress,
        CancellationToken cancellationToken)
    {
        // Queries about one image stand together, so that an encoder that keeps what it saw of an image sees it once.
        Pending[] distinct = [.. Enumerable.Range(0, references.Count)
            .Where(query => references[query] is not null)
            .SelectMany(query => texts[query].Select(text => new Pending(query, references[query]!, text, KeyOf(references[query]!, text))))
            .DistinctBy(pending => pending.Key)
            .OrderBy(pending => pending.Image.Name, StringComparer.Ordinal)];
        Pending[] unknown = [.. distinct.Where(pending => !_cache.Contains(pending.Key))];
        int done = distinct.Length - unknown.Length;
        foreach (Pending[] file in unknown.Chunk(options.BatchSize * ImageFeatureCache.BatchesPerFile))
        {
            EmbeddingMatrix embeddings = EmbeddingMatrix.Allocate(file.Length, encoder.Info.Dimensions, out Memory<float> rows);
            int first = 0;
            foreach (Pending[] batch in file.Chunk(options.BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await EncodeAsync(dataset, batch, rows.Slice(first * encoder.Info.Dimensions, batch.Length * encoder.Info.Dimensions), cancellationToken).ConfigureAwait(false);
                first += batch.Length;
                progress?.Report(new EncodingProgress(Stage, done + first, distinct.Length));
            }

            _cache.Add([.. file.Select(pending => pending.Key)], embeddings);
            done += file.Length;
        }

        return (Matrix(references, texts), unknown.Length);
    }

    private async ValueTask EncodeAsync(EvaluationDataset dataset, Pending[] batch, Memory<float> rows, CancellationToken cancellationToken)
    {
        Dictionary<string, ImageData> loaded = [];
        ComposedInput[] inputs = new ComposedInput[batch.Length];
        for (int i = 0; i < batch.Length; i++)
        {
            if (!loaded.TryGetValue(batch[i].Image.Name, out ImageData? image))
            {
                image = images.Load(batch[i].Image);
                loaded.Add(batch[i].Image.Name, image);
            }

            inputs[i] = new ComposedInput(batch[i].Text, image);
        }

        try
        {
            await encoder.EncodeAsync(inputs, EncodingRole.Query, rows, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidComposedInputException e) when (e.Index is { } index)
        {
            int query = batch[index].Query;
            throw new InvalidComposedInputException(
                $"The query '{dataset.NameOf(dataset.Queries[query])}' cannot be read together with its image. {e.Message}", e)
            { Index = query };
        }
    }

    private EmbeddingMatrix Matrix(IReadOnlyList<GalleryImage?> references, IReadOnlyList<IReadOnlyList<string>> texts)
    {
        int dimensions = encoder.Info.Dimensions;
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(references.Count, dimensions, out Memory<float> values);
        for (int query = 0; query < references.Count; query++)
        {
            if (references[query] is { } image)
            {
                float[][] rows = [.. texts[query].Select(text => _cache.Get(KeyOf(image, text)).ToArray())];
                Span<float> row = values.Span.Slice(query * dimensions, dimensions);
                if (rows.Length == 1)
                {
                    rows[0].CopyTo(row);
                }
                else
                {
                    MeanDirection.Compute(EmbeddingMatrix.FromRows(rows), row);
                }
            }
        }

        return matrix;
    }

    private string KeyOf(GalleryImage image, string text) => EmbeddingCache.KeyOf($"{encoder.Kind}\n{EncodingRole.Query}\nimage {images.KeyOf(image)}\ntext {text}");

    private sealed record Pending(int Query, GalleryImage Image, string Text, string Key);
}
