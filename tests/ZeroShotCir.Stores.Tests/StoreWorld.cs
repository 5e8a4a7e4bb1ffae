using System.Globalization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests;

/// <summary>
/// A gallery as untidy as life: images in clusters, some of them copies of each other, with any number of captions or none, ids of many
/// kinds, and metadata that is missing, numeric or neither.
/// </summary>
internal sealed class StoreWorld
{
    public const int Dimensions = 24;
    private static readonly string[] Colors = ["red", "blue", "green", "rosé \"vif\"", "it's\\odd", "12", "12.0"];

    private StoreWorld(Gallery gallery, float[][] queries)
    {
        Gallery = gallery;
        Queries = queries;
    }

    public Gallery Gallery { get; }

    /// <summary>Queries of unit length, near the images.</summary>
    public float[][] Queries { get; }

    /// <param name="seed">Makes the world.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="changed">The images whose rows differ from those of the same world without changes.</param>
    /// <param name="left">The images that are not there.</param>
    /// <param name="model">The name of the model.</param>
    public static StoreWorld Create(int seed = 1, int count = 400, Func<int, bool>? changed = null, Func<int, bool>? left = null, string model = "model")
    {
        Random random = new(seed);
        float[][] centers = [.. Enumerable.Range(0, 12).Select(_ => Direction(random, null, 0))];
        List<string> ids = [];
        List<float[]> images = [];
        List<IReadOnlyList<string>> texts = [];
        List<IReadOnlyDictionary<string, string>> metadata = [];
        List<float[]> captions = [];
        List<int> counts = [];
        for (int i = 0; i < count; i++)
        {
            float[] image = Direction(random, centers[random.Next(centers.Length)], 0.6);
            image = i % 37 == 36 && images.Count > 0 ? images[^1] : image;
            int number = random.Next(4);
            float[][] own = [.. Enumerable.Range(0, number).Select(_ => Direction(random, image, 0.8))];
            Dictionary<string, string> fields = Fields(random, i);
            if (left?.Invoke(i) == true)
            {
                continue;
            }

            ids.Add(IdOf(i));
            images.Add(changed?.Invoke(i) == true ? Direction(new Random(i), image, 0.9) : image);
            texts.Add([.. own.Select((_, j) => $"caption {j} of “{i}”")]);
            metadata.Add(fields);
            captions.AddRange(own);
            counts.Add(number);
        }

        Gallery gallery = Gallery.FromEmbeddings(
            ids,
            EmbeddingMatrix.FromRows([.. images]),
            CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows([.. captions]), [.. counts]),
            texts,
            metadata,
            new GalleryModel(model, model, Dimensions));
        return new StoreWorld(gallery, [.. Enumerable.Range(0, 25).Select(_ => Direction(random, centers[random.Next(centers.Length)], 0.6))]);
    }

    public static string IdOf(int i) => (i % 5) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"img-{i:000}.jpg"),
        1 => string.Create(CultureInfo.InvariantCulture, $"Ordner/Schöne Bilder/{i} (copy).png"),
        2 => string.Create(CultureInfo.InvariantCulture, $"日本/{i}'\"{{}}.webp"),
        3 => string.Create(CultureInfo.InvariantCulture, $"{new string('x', 200)}{i}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{i}"),
    };

    /// <summary>The true best items, by the formula of the paper in double precision.</summary>
    public (string Id, double Score)[] Best(float[] query, int k, double beta, GalleryFilter? filter = null) =>
    [
        .. Enumerable.Range(0, Gallery.OrdinalCount)
            .Where(ordinal => filter is null || filter.Matches(Gallery.ItemAt(ordinal)))
            .Select(ordinal => (Id: Gallery.IdOf(ordinal), Score: Score(query, ordinal, beta)))
            .OrderByDescending(item => item.Score)
            .Take(k),
    ];

    public double Score(float[] query, int ordinal, double beta)
    {
        float[] image = new float[Dimensions];
        Gallery.CopyImage(ordinal, image);
        double score = Cosine(query, image);
        EmbeddingMatrix captions = Gallery.CopyCaptions(ordinal);
        return captions.Rows == 0
            ? score
            : ((1 - beta) * score) + (beta * Enumerable.Range(0, captions.Rows).Average(j => Cosine(query, captions[j])));
    }

    private static double Cosine(ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        double product = 0, length = 0;
        for (int i = 0; i < row.Length; i++)
        {
            product += (double)query[i] * row[i];
            length += (double)row[i] * row[i];
        }

        return product / Math.Sqrt(length);
    }

    private static Dictionary<string, string> Fields(Random random, int i)
    {
        Dictionary<string, string> fields = [];
        if (random.Next(10) > 0)
        {
            fields["color"] = Colors[random.Next(Colors.Length)];
        }

        if (random.Next(10) > 1)
        {
            fields["price"] = random.Next(6) switch
            {
                0 => "on request",
                1 => string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble() * 100:E3}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{random.Next(100)}"),
            };
        }

        if (i % 3 == 0)
        {
            fields["größe, US_size"] = i % 2 == 0 ? "" : "XL";
        }

        return fields;
    }

    private static float[] Direction(Random random, float[]? near, double noise)
    {
        float[] direction = new float[Dimensions];
        double square = 0;
        for (int i = 0; i < Dimensions; i++)
        {
            double value = (near is null ? 0 : (1 - noise) * near[i]) + ((near is null ? 1 : noise / Math.Sqrt(Dimensions)) * ((random.NextDouble() * 2) - 1));
            direction[i] = (float)value;
            square += value * value;
        }

        for (int i = 0; i < Dimensions; i++)
        {
            direction[i] /= (float)Math.Sqrt(square);
        }

        return direction;
    }
}
