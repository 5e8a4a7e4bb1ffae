using System.IO.Compression;
using System.Numerics.Tensors;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluator.Input;
using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Galleries;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Evaluator.Runs;

/// <summary>
/// Indexes the album, TinyFashion as a person's untidy picture folder, compares every row with what reference code computed, and asks one query.
/// </summary>
internal static class AlbumRun
{
    // Lossy pictures come out of different decoders a grey level apart here and there.
    private const float SameCosine = 0.999f;
    private const int Shown = 3;
    private static readonly JsonFormat Format = new("album's file", (message, cause) => new InvalidDataException(message, cause));

    /// <param name="zip">The album and its model in one file, since its names are odd on purpose.</param>
    /// <param name="alpha">The weight of the query's text.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<AlbumDocument> RunAsync(string zip, double alpha, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("cir-album-").FullName;
        try
        {
            await ZipFile.ExtractToDirectoryAsync(zip, folder, cancellationToken);
            return await MeasureAsync(folder, alpha, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<AlbumDocument> MeasureAsync(string folder, double alpha, CancellationToken cancellationToken)
    {
        string album = Path.Combine(folder, "album"), place = Path.Combine(folder, "gallery");
        IReadOnlyList<string> names = JsonFile.Read(Path.Combine(album, "names.json"), Format).Texts();
        int count = JsonFile.Read(Path.Combine(album, "expected.json"), Format)["summary"]["files"].Int32(least: 1);
        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(folder, "album-models", "clip"));
        using OnnxImageEncoder images = model.CreateImageEncoder(PictureDecoders.Default);
        using OnnxTextEncoder texts = model.CreateTextEncoder();

        GalleryScan scan = GalleryScan.Of(place, [new NamedFolder(Path.Combine(album, "photos"))], cancellationToken: cancellationToken);
        GalleryBuildResult built = await new GalleryBuilder(images, texts).BuildAsync(scan, null, null, cancellationToken);
        Gallery gallery = Gallery.Open(place);
        (int right, float lowest) = Compare(gallery, [.. names.Take(count)], VectorFile.Read(new FileInfo(Path.Combine(album, "embeddings.f32")), gallery.Dimensions));

        JsonField query = JsonFile.Read(Path.Combine(album, "queries.json"), Format)["composed"].Items()
            .First(asked => gallery.TryGetOrdinal(names[asked["reference"].Int32(0, count - 1)], out _));
        string reference = names[query["reference"].Int32()], text = query["text"].Text();
        HashSet<string> answers = [.. query["right"].Items().Select(item => names[item.Int32(0, names.Count - 1)])];
        IReadOnlyList<RetrievalResult> hits = await new ComposedImageRetriever(gallery, images, texts).SearchAsync(
            new ComposedQuery { ReferenceId = reference, Text = text, ExcludeReference = true, Strategy = CompositionStrategy.Weighted.WithAlpha(alpha) }, Shown, cancellationToken);
        return new AlbumDocument(
            count, gallery.Count, right, lowest, built.LeftOut, [.. scan.Problems.Select(problem => new FailedFile(problem.Name, problem.Message)), .. built.Failed.Select(failure => new FailedFile(failure.Id, failure.Message))],
            built.Duplicates, new AlbumQuery(reference, text, alpha, [.. hits.Select(hit => new AlbumHit(hit.Id, hit.Score, answers.Contains(hit.Id)))]));
    }

    private static (int Right, float Lowest) Compare(Gallery gallery, IReadOnlyList<string> names, Embeddings.EmbeddingMatrix expected)
    {
        int right = 0;
        float lowest = 1;
        float[] row = new float[gallery.Dimensions];
        for (int i = 0; i < names.Count; i++)
        {
            if (gallery.TryGetOrdinal(names[i], out int ordinal))
            {
                gallery.CopyImage(ordinal, row);
                float cosine = TensorPrimitives.CosineSimilarity(row, expected[i]);
                right += cosine >= SameCosine ? 1 : 0;
                lowest = Math.Min(lowest, cosine);
            }
        }

        return (right, lowest);
    }
}
