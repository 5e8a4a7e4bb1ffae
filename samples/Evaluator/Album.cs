using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Magick;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;

namespace Evaluator;

/// <summary>The same world as a person's picture folder: many formats, every orientation, odd names, broken files.</summary>
public static class Album
{
    /// <summary>Indexes the folder, compares every row with what reference code computed, and tells what became of it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> IndexAsync(string world)
    {
        string album = Path.Combine(world, "album"), gallery = Directory.CreateTempSubdirectory("album-").FullName;
        try
        {
            DecoderChain decoder = new(new SkiaImageDecoder(), new MagickImageDecoder());
            using ImageSearch search = OnnxModelFolder.Open(Path.Combine(world, "album-models", "clip")).OpenSearch(gallery, decoder);
            var built = await search.UpdateAsync(Path.Combine(album, "photos"));
            float[] cosines = Cosines(search.Retriever.Gallery!, album);
            int right = cosines.Count(cosine => cosine >= 0.999f); // Lossy pictures come out of different decoders a grey level apart.
            return new Dictionary<string, string>
            {
                ["pictures read"] = $"{built.Count}",
                ["rows as the reference code's"] = FormattableString.Invariant($"{right} of {built.Count}, lowest cosine {cosines.Min():0.0000}"),
                ["files that could not be read"] = $"{built.Failed.Count}",
                ["no pictures"] = string.Join(", ", built.LeftOut.OrderBy(ending => ending.Key).Select(ending => $"{ending.Value} {ending.Key}")),
            };
        }
        finally
        {
            Directory.Delete(gallery, recursive: true);
        }
    }

    private static float[] Cosines(Gallery gallery, string album)
    {
        string[] names = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(album, "names.json")))!;
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(album, "embeddings.f32"))).ToArray(), row = new float[gallery.Dimensions];
        return [.. names.Select((name, i) => gallery.TryGetOrdinal(name, out int ordinal) ? Cosine(ordinal, i) : float.NaN).Where(float.IsFinite)];

        float Cosine(int ordinal, int i)
        {
            gallery.CopyImage(ordinal, row);
            return TensorPrimitives.CosineSimilarity(row, expected.AsSpan(i * row.Length, row.Length));
        }
    }
}
