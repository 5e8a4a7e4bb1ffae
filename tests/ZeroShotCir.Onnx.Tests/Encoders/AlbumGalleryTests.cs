using System.Text.Json;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Encoders;

/// <summary>The album, an untidy picture folder, in a gallery: every picture that the decoder reads, whatever the threads and batches.</summary>
public sealed class AlbumGalleryTests : IDisposable
{
    private static readonly string Album = Path.Combine(RepositoryPaths.Root, "samples", "TinyFashion", "album");
    private static readonly string Model = Path.Combine(RepositoryPaths.Root, "samples", "TinyFashion", "album-models", "clip");

    // Those that Skia does not read.
    private static readonly string[] OtherFormats = ["heic", "avif", "tiff"];
    private readonly string _folder = Directory.CreateTempSubdirectory("zeroshotcir-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // Where mapped files cannot be deleted, the system's clean-up of temporary files must do.
        }
    }

    [Fact]
    public async Task Every_picture_is_there_and_its_row_does_not_depend_on_threads_and_batches()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Album, "expected.json")));
        string[] readable =
        [
            .. expected.RootElement.GetProperty("files").EnumerateArray()
                .Where(file => !OtherFormats.Contains(file.GetProperty("format").GetString()))
                .Select(file => file.GetProperty("path").GetString()!).Order(StringComparer.Ordinal),
        ];
        Gallery alone = await BuildAsync(threads: 1, batchSize: 1, concurrency: 1);
        Assert.Equal(readable, Ids(alone));
        foreach ((int threads, int batchSize, int concurrency) in ((int, int, int)[])[(1, 64, 1), (2, 32, 3), (8, 7, 4)])
        {
            Gallery gallery = await BuildAsync(threads, batchSize, concurrency);
            Assert.Equal(readable, Ids(gallery));
            float[] one = new float[gallery.Dimensions], other = new float[gallery.Dimensions];
            foreach (string id in readable)
            {
                alone.CopyImage(alone.OrdinalOf(id), one);
                gallery.CopyImage(gallery.OrdinalOf(id), other);
                if (Math.Min(threads, Environment.ProcessorCount) <= 2)
                {
                    Assert.True(one.AsSpan().SequenceEqual(other), $"'{id}' differs with {threads} threads and batches of {batchSize}.");
                }
                else
                {
                    // On a machine with that many cores ONNX Runtime splits some sums otherwise, for one image alone as well.
                    Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * one.Max(Math.Abs)));
                }
            }
        }
    }

    [Fact]
    public async Task A_gallery_is_read_as_it_was_read_and_nothing_else_is_added()
    {
        string album = Path.Combine(Album, "photos", "Scans");
        Gallery upright = await BuildAsync(1, 64, 1, album, "reading");
        Assert.Equal(new ImageReading { Decoder = "skia" }, upright.Model!.Reading);
        InvalidGalleryException refused = await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(1, 64, 1, album, "reading", ImageOrientation.Ignore));
        Assert.Contains("turned upright", refused.Message, StringComparison.Ordinal);
        using OnnxImageEncoder stored = Open(1, ImageOrientation.Ignore).CreateImageEncoder(new SkiaImageDecoder());
        Assert.Throws<InvalidGalleryException>(() => upright.ThrowIfOther(stored.Info, null));

        // Encoding everything again is the way to another reading.
        Gallery unturned = await BuildAsync(1, 64, 1, album, "reading", ImageOrientation.Ignore, rebuild: true);
        Assert.Equal(ImageOrientation.Ignore, unturned.Model!.Reading!.Orientation);
        unturned.ThrowIfOther(stored.Info, null);
        Assert.Equal(Ids(upright), Ids(unturned));
    }

    [Fact]
    public async Task Pictures_of_reduced_and_of_full_resolution_never_stand_beside_each_other()
    {
        string album = Path.Combine(Album, "photos", "Scans");
        Gallery full = await BuildAsync(1, 64, 1, album, "resolution");
        Assert.Contains(
            "decoded with all their pixels",
            (await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(1, 64, 1, album, "resolution", resolution: ImageResolution.Reduced))).Message,
            StringComparison.Ordinal);
        using OnnxImageEncoder encoder = Open(1, ImageOrientation.Apply, ImageResolution.Reduced).CreateImageEncoder(new SkiaImageDecoder());
        Assert.Throws<InvalidGalleryException>(() => full.ThrowIfOther(encoder.Info, null));

        Gallery reduced = await BuildAsync(1, 64, 1, album, "resolution", rebuild: true, resolution: ImageResolution.Reduced);
        Assert.Equal(new ImageReading { Decoder = "skia", Resolution = ImageResolution.Reduced }, reduced.Model!.Reading);
        reduced.ThrowIfOther(encoder.Info, null);
        Assert.Contains(
            "decoded at reduced resolution",
            (await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(1, 64, 1, album, "resolution"))).Message, StringComparison.Ordinal);

        // A library that knows nothing of it would add pictures of full resolution: it must not read this.
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "resolution", "manifest.json")));
        Assert.Equal(4, manifest.RootElement.GetProperty("version").GetInt32());
        Assert.Equal("reduced", manifest.RootElement.GetProperty("resolution").GetString());
    }

    private static OnnxModelFolder Open(int threads, ImageOrientation orientation, ImageResolution resolution = ImageResolution.Full) => OnnxModelFolder.Open(
        Model, new OnnxModelOptions
        {
            Execution = new OnnxExecutionOptions { Threads = threads },
            DecodeOptions = new DecodeOptions { Orientation = orientation, Resolution = resolution },
        });

    private async Task<Gallery> BuildAsync(
        int threads, int batchSize, int concurrency, string? photos = null, string? name = null, ImageOrientation orientation = ImageOrientation.Apply, bool rebuild = false,
        ImageResolution resolution = ImageResolution.Full)
    {
        string folder = Path.Combine(_folder, name ?? FormattableString.Invariant($"{threads}-{batchSize}"));
        using OnnxImageEncoder encoder = Open(threads, orientation, resolution).CreateImageEncoder(new SkiaImageDecoder());
        GalleryScan scan = GalleryScan.Read(folder, [new NamedFolder(photos ?? Path.Combine(Album, "photos"))], null, TestContext.Current.CancellationToken);
        GalleryBuilder builder = new(encoder, null, new GalleryBuilderOptions { BatchSize = batchSize, MaxConcurrency = concurrency, Rebuild = rebuild });
        await builder.BuildAsync(scan, null, null, TestContext.Current.CancellationToken);
        return Gallery.Open(folder);
    }

    private static string[] Ids(Gallery gallery)
        => [.. Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(gallery.IdOf).Order(StringComparer.Ordinal)];
}
