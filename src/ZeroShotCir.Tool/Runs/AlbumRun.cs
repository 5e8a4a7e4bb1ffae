using System.Numerics.Tensors;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>
/// Indexes the album, TinyFashion as a person's untidy picture folder, compares every row with what reference code computed, and asks one query.
/// </summary>
internal static class AlbumRun
{
    // Lossy pictures come out of different decoders a grey level apart here and there.
    private const float SameCosine = 0.999f;
    private const int Shown = 5;

    // The report rounds them.
    private const int Resamples = 500;
    private static readonly JsonFormat Format = new("album's file", (message, cause) => new InvalidDataException(message, cause));

    /// <param name="zip">The album and its model in one file, since its names are odd on purpose.</param>
    /// <param name="alpha">The weight of the query's text.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What became of it; <see langword="null"/> where the album did not come with the program.</returns>
    public static async Task<MeasuredAlbum?> RunAsync(string zip, double alpha, CancellationToken cancellationToken)
    {
        MeasuredAlbum? measured = null;
        await AlbumFolder.UseAsync(zip, async folder => measured = await MeasureAsync(folder, alpha, cancellationToken), cancellationToken);
        return measured;
    }

    private static async Task<MeasuredAlbum> MeasureAsync(string folder, double alpha, CancellationToken cancellationToken)
    {
        string album = Path.Combine(folder, "album"), photos = Path.Combine(album, "photos"), place = Path.Combine(folder, "gallery");
        IReadOnlyList<string> names = JsonFile.Read(Path.Combine(album, "names.json"), Format).Texts();
        JsonField summary = JsonFile.Read(Path.Combine(album, "expected.json"), Format)["summary"];
        int count = summary["files"].Int32(least: 1);
        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(folder, "album-models", "clip"));
        using OnnxImageEncoder images = model.CreateImageEncoder(PictureDecoders.Default);
        using OnnxTextEncoder texts = model.CreateTextEncoder();

        GalleryScan scan = GalleryScan.Read(place, [new NamedFolder(photos)], cancellationToken: cancellationToken);
        GalleryBuildResult built = await new GalleryBuilder(images, texts).BuildAsync(scan, null, null, cancellationToken);
        Gallery gallery = Gallery.Open(place);
        (int right, float lowest) = Compare(gallery, [.. names.Take(count)], VectorFile.Read(new FileInfo(Path.Combine(album, "embeddings.f32")), gallery.Dimensions));

        JsonField query = JsonFile.Read(Path.Combine(album, "queries.json"), Format)["composed"].Items()
            .First(asked => gallery.TryGetOrdinal(names[asked["reference"].Int32(0, count - 1)], out _));
        string reference = names[query["reference"].Int32()], text = query["text"].Text();
        HashSet<string> answers = [.. query["right"].Items().Select(item => names[item.Int32(0, names.Count - 1)])];
        ComposedQuery composed = new() { ReferenceId = reference, Text = text, ExcludeReference = true, Strategy = CompositionStrategy.Weighted.WithAlpha(alpha) };
        ComposedImageRetriever retriever = new(gallery, images, texts);
        RetrievalResult[] hits = [.. (await DuplicateFolding.SearchAsync<RetrievalResult>(
            gallery, Shown, async k => await retriever.SearchAsync(composed, k, cancellationToken), result => result.Item.Ordinal, cancellationToken)).Select(hit => hit.Hit)];
        // The folder is a temporary one: its path tells nobody anything.
        FailedFile[] failed = [.. scan.Problems.Select(problem => (problem.Name, problem.Message)).Concat(built.Failed.Select(failure => (Name: failure.Id, failure.Message)))
            .Select(problem => new FailedFile(problem.Name, problem.Message.Replace(photos + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)))];
        AlbumQuery asked = new(reference, text, alpha, [.. hits.Select(hit => new AlbumHit(hit.Id, hit.Score, answers.Contains(hit.Id)))]);
        AlbumOutcome document = new(count, gallery.Count, right, lowest, built.LeftOut, failed, built.Duplicates, asked);
        Thumbnails thumbnails = new(new SkiaImageShrinker(PictureDecoders.Default, quality: 80));
        List<StrategySection> strategies = [];
        AlbumQuestions questions = await AlbumBenchmark.ReadAsync(folder, cancellationToken);
        foreach (AlbumKind kind in questions.Kinds)
        {
            strategies.Add(StrategyReport.Create(
                kind,
                kind.Measure(cancellationToken),
                thumbnails,
                id => gallery.FileOf(gallery.OrdinalOf(id)) ?? id,
                new StatisticsOptions { Resamples = Resamples },
                cancellationToken));
        }

        strategies.Add(AlbumSessions.SectionOf(await questions.Sessions.ReplayAsync(cancellationToken)));
        return new MeasuredAlbum(document, Section(document, summary, gallery, thumbnails), strategies);
    }

    private static AlbumSection Section(AlbumOutcome album, JsonField summary, Gallery gallery, Thumbnails thumbnails)
    {
        IEnumerable<KeyValuePair<string, int>> leftOut = album.LeftOut.OrderBy(ending => ending.Key, StringComparer.Ordinal);
        ManifestGroup read = new("What was read",
        [
            ("pictures", FormattableString.Invariant($"{album.Read} of {album.Files}")),
            ("rows as the reference code's", FormattableString.Invariant($"{album.Right} of {album.Read}, lowest cosine {album.LowestCosine:0.0000}")),
            ("formats", string.Join(", ", summary["formats"].Members().Select(format => FormattableString.Invariant($"{format.Int32()} {format.Name}")))),
            ("stored turned or mirrored", FormattableString.Invariant($"{summary["orientations"].Members().Where(way => way.Name != "1").Sum(way => way.Int32())}")),
            ("sizes", FormattableString.Invariant($"{summary["distinct_sizes"].Int32()}")),
            ("copies of others", FormattableString.Invariant($"{album.Duplicates}")),
            ("no pictures", string.Join(", ", leftOut.Select(ending => FormattableString.Invariant($"{ending.Value} {ending.Key}")))),
        ]);
        return new AlbumSection(
            [read, new ManifestGroup("What could not be read", [.. album.Failed.Select(file => (file.File, file.Error))])],
            album.Query.Text,
            Pictured(album.Query.Reference, isAnswer: false),
            [.. album.Query.Hits.Select(hit => Pictured(hit.Id, hit.Right))]);

        AlbumPicture Pictured(string id, bool isAnswer)
        {
            return new AlbumPicture(id, thumbnails.Add(new GalleryImage(id, gallery.FileOf(gallery.OrdinalOf(id)) ?? id)), isAnswer);
        }
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
