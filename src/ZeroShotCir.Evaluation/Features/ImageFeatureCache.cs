using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Encodes images that are not remembered, and gives the rows of all.</summary>
internal sealed class ImageFeatureCache
{
    /// <summary>How many batches go into one file, which is what a kill may lose.</summary>
    public const int BatchesPerFile = 8;

    /// <summary>The encoded bytes that wait at once, where files are large.</summary>
    private const long MaxPendingBytes = 64L << 20;
    private readonly IImageEncoder _encoder;
    private readonly FeatureEncoderOptions _options;
    private readonly EmbeddingCache _cache;
    private readonly ContentStamps _stamps;
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    public ImageFeatureCache(IImageEncoder encoder, FeatureEncoderOptions options)
    {
        _encoder = encoder;
        _options = options;
        _cache = new EmbeddingCache(options.CacheFolder, "images", encoder.Info);
        _stamps = new ContentStamps(options.CacheFolder is null ? null : Path.Combine(options.CacheFolder, "files.tsv"));
    }

    /// <summary>What an image that was encoded is remembered by: its bytes, its part, and how it is turned.</summary>
    public string KeyOf(GalleryImage image) => _keys[Identity(image)];

    /// <summary>Reads an image as it is encoded.</summary>
    /// <exception cref="InvalidImageException">The file cannot be read or decoded.</exception>
    public ImageData Load(GalleryImage image)
    {
        ImageData data = image.Read(_options.DecodeOptions.Limits.MaxBytes);
        return image.Crop is { } crop ? CutOut(data, crop, image.Path) : data;
    }

    public EmbeddingMatrix Matrix(IReadOnlyList<GalleryImage> images)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(images.Count, _encoder.Info.Dimensions, out Memory<float> values);
        for (int i = 0; i < images.Count; i++)
        {
            _cache.Get(_keys[Identity(images[i])]).CopyTo(values.Span[(i * _encoder.Info.Dimensions)..]);
        }

        return matrix;
    }

    public async Task<(IReadOnlyList<ImageProblem> Problems, int Encoded)> EncodeAsync(
        IReadOnlyList<GalleryImage> images, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        Dictionary<string, ImageProblem> problems = new(StringComparer.Ordinal);
        List<Pending> pending = [];
        int encoded = 0;
        long bytes = 0;
        for (int i = 0; i < images.Count; i++)
        {
            if (Find(images[i], problems) is { } unknown)
            {
                pending.Add(unknown);
                bytes += unknown.Data.Data.Length;
            }

            if (pending.Count == _options.BatchSize * BatchesPerFile || bytes >= MaxPendingBytes || (i == images.Count - 1 && pending.Count > 0))
            {
                encoded += await FlushAsync(pending, problems, progress, i + 1 - pending.Count, images.Count, cancellationToken).ConfigureAwait(false);
                pending.Clear();
                bytes = 0;
            }
        }

        _stamps.Save();
        progress?.Report(new EncodingProgress("images", images.Count, images.Count));
        return ([.. images.Where(image => problems.ContainsKey(image.Name)).Select(image => problems[image.Name])], encoded);
    }

    // Nothing where the image is remembered or cannot be read.
    private Pending? Find(GalleryImage image, Dictionary<string, ImageProblem> problems)
    {
        FileInfo file = new(image.Path);
        if (!file.Exists)
        {
            problems[image.Name] = new ImageProblem(image.Name, image.Path, ImageProblemKind.Missing, "The file does not exist.");
            return null;
        }

        try
        {
            if (_stamps.Find(file, image.Part) is { } known && _cache.Contains(Key(known, image.Crop)))
            {
                _keys[Identity(image)] = Key(known, image.Crop);
                return null;
            }

            ImageData data = image.Read(_options.DecodeOptions.Limits.MaxBytes);
            string key = Key(_stamps.Add(file, image.Part, data.Data.Span), image.Crop);
            _keys[Identity(image)] = key;
            return _cache.Contains(key) ? null : new Pending(image, key, image.Crop is { } crop ? CutOut(data, crop, image.Path) : data);
        }
        catch (InvalidImageException e)
        {
            problems[image.Name] = Corrupt(image, e);
            return null;
        }
    }

    private async Task<int> FlushAsync(
        List<Pending> pending, Dictionary<string, ImageProblem> problems, IProgress<EncodingProgress>? progress, int done, int total, CancellationToken cancellationToken)
    {
        EmbeddingMatrix.Allocate(pending.Count, _encoder.Info.Dimensions, out Memory<float> rows);
        List<int> good = [];
        int first = 0;
        foreach (Pending[] batch in pending.Chunk(_options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Memory<float> destination = rows.Slice(first * _encoder.Info.Dimensions, batch.Length * _encoder.Info.Dimensions);
            IReadOnlyList<InvalidImageException> failures =
                await _encoder.EncodeValidAsync([.. batch.Select(item => item.Data)], destination, cancellationToken).ConfigureAwait(false);
            foreach (InvalidImageException failure in failures)
            {
                GalleryImage image = batch[failure.Index!.Value].Image;
                problems[image.Name] = Corrupt(image, failure);
            }

            HashSet<int> bad = [.. failures.Select(failure => failure.Index!.Value)];
            good.AddRange(Enumerable.Range(0, batch.Length).Where(i => !bad.Contains(i)).Select(i => first + i));
            first += batch.Length;
            progress?.Report(new EncodingProgress("images", done + first, total));
        }

        EmbeddingMatrix embeddings = EmbeddingMatrix.Allocate(good.Count, _encoder.Info.Dimensions, out Memory<float> kept);
        for (int i = 0; i < good.Count; i++)
        {
            rows.Slice(good[i] * _encoder.Info.Dimensions, _encoder.Info.Dimensions).CopyTo(kept[(i * _encoder.Info.Dimensions)..]);
        }

        _cache.Add([.. good.Select(i => pending[i].Key)], embeddings);
        _stamps.Save();
        return good.Count;
    }

    private ImageData CutOut(ImageData data, ImageCrop crop, string path)
    {
        IImageDecoder decoder = _options.Decoder
            ?? throw new ArgumentException("The data set has images that are parts of files; give FeatureEncoderOptions a decoder to cut them out.");
        using RgbImage whole = decoder.Decode(data, _options.DecodeOptions);
        return crop.Apply(whole, path);
    }

    private static ImageProblem Corrupt(GalleryImage image, InvalidImageException error) => new(image.Name, image.Path, ImageProblemKind.Corrupt, error.Message);

    private static string Identity(GalleryImage image) => $"{image.Path}\n{image.Part?.Offset}\n{image.Crop?.Key}";

    private string Key(string contentHash, ImageCrop? crop)
    {
        string? turned = _options.DecodeOptions.Orientation == ImageOrientation.Apply ? "upright" : null;
        string? reduced = _encoder.Info.Reading is { Resolution: ImageResolution.Reduced } ? "reduced" : null;
        return crop is null && turned is null && reduced is null
            ? contentHash
            : EmbeddingCache.KeyOf(Encoding.UTF8.GetBytes(string.Join('\n', ((string?[])[contentHash, crop?.Key, turned, reduced]).OfType<string>())));
    }

    private sealed record Pending(GalleryImage Image, string Key, ImageData Data);
}
