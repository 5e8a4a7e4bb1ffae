using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>Gallery folders of random rows, made once and kept in the system's temporary folder: a million rows of 512 take 2.6 GB and a minute.</summary>
internal static class SampleGallery
{
    public const int Dimensions = 512;

    public static GalleryModel Model { get; } = new("random", null, Dimensions);

    /// <summary>The folder of a size; written by the first run that needs it.</summary>
    public static string Create(int images, int dimensions = Dimensions)
    {
        string folder = Path.Combine(Path.GetTempPath(), "zeroshotcir-benchmarks", FormattableString.Invariant($"gallery-{images}x{dimensions}"));
        if (!File.Exists(Path.Combine(folder, "manifest.json")))
        {
            Write(folder, images, dimensions);
        }

        return folder;
    }

    /// <summary>Adds random images and commits once.</summary>
    public static void Write(string folder, int images, int dimensions = Dimensions)
    {
        Random random = new(images);
        float[] row = new float[dimensions];
        using GalleryWriter writer = GalleryWriter.Open(folder, Model with { Dimensions = dimensions });
        for (int i = 0; i < images; i++)
        {
            for (int d = 0; d < row.Length; d++)
            {
                row[d] = random.NextSingle() - 0.5f;
            }

            writer.Add(new GalleryEntry(FormattableString.Invariant($"image-{i}"), row));
        }

        writer.Commit();
    }
}
