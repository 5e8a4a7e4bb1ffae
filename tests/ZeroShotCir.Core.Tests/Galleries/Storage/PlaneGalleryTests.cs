using System.Text.Json.Nodes;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tensors;

namespace ZeroShotCir.Tests.Galleries.Storage;

/// <summary>A gallery whose compressed copy is in planes of four bits: written, mapped, folded anew, damaged.</summary>
public sealed class PlaneGalleryTests : IDisposable
{
    private const int Dimensions = 256;
    private const int Items = 4200;
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.File("gallery");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Planes_are_stored_where_they_are_faster_and_find_the_same()
    {
        Write();
        JsonNode manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, GalleryManifest.FileName)))!;
        Assert.Equal(5, (int)manifest["version"]!);
        Assert.Equal(["captions", "folded", "ids", "images", "items", "planes"], manifest["segments"]![0]!["files"]!.AsObject().Select(file => file.Key).Order());
        AssertFindsTheSame(0.1, "-i4");
        AssertFindsTheSame(0, "-f32");

        using (GalleryWriter writer = GalleryWriter.Open(Folder, Model))
        {
            writer.Refold(null);
            writer.Remove("17");
            writer.Commit();
        }

        AssertFindsTheSame(0, "-i4");
        GalleryState.AssertValid(Folder);
    }

    [Fact]
    public void Planes_of_another_size_are_refused_by_name()
    {
        Write();
        using (GalleryWriter writer = GalleryWriter.Open(Folder, Model))
        {
            writer.Add(new GalleryEntry("one more", Row(3, 0)));
            writer.Commit();
        }

        // The planes of the first segment said to be of the second, which has one row.
        string manifest = Path.Combine(Folder, GalleryManifest.FileName);
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(manifest))!;
        json["segments"]![1]!["files"]!["planes"] = json["segments"]![0]!["files"]!["planes"]!.DeepClone();
        File.WriteAllText(manifest, json.ToJsonString());
        Assert.Contains("planes", Assert.Throws<InvalidGalleryException>(() => Gallery.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Planes_of_an_earlier_arrangement_are_left_aside_until_they_are_written_anew()
    {
        Write();
        string path = Path.Combine(Folder, GalleryManifest.FileName);
        JsonNode manifest = JsonNode.Parse(File.ReadAllBytes(path))!;
        JsonNode planes = manifest["segments"]![0]!["files"]!["planes"]!;
        string file = Path.Combine(Folder, (string)planes["name"]!);
        IReadOnlyDictionary<string, string> metadata = SafeTensorsFile.Open(file).Metadata;
        using (SafeTensorsWriter writer = new(file))
        {
            foreach ((string key, string value) in metadata)
            {
                writer.SetMetadata(key, value);
            }

            // What the third format had, as far as it matters: scales of their own.
            writer.Write<byte>("coarse", new byte[64], 1, 64);
            writer.Write<float>("scales", new float[16], 16);
            writer.Complete();
        }

        planes["bytes"] = new FileInfo(file).Length;
        manifest["version"] = 3;
        File.WriteAllText(path, manifest.ToJsonString());
        AssertFindsTheSame(0.1, "-f32");

        using (GalleryWriter writer = GalleryWriter.Open(Folder, Model, new GalleryWriterOptions { StoredBeta = 0.1 }))
        {
            writer.Refold(null);
            writer.Refold(0.1);
        }

        AssertFindsTheSame(0.1, "-i4");
        GalleryState.AssertValid(Folder);
    }

    private static GalleryModel Model => new("test", "test", Dimensions);

    private void Write()
    {
        using GalleryWriter writer = GalleryWriter.Open(Folder, Model, new GalleryWriterOptions { StoredBeta = 0.1 });
        Random random = new(2);
        for (int i = 0; i < Items; i++)
        {
            GalleryEntry entry = new(i.ToString(System.Globalization.CultureInfo.InvariantCulture), Row(random.NextSingle() * MathF.Tau, 0));
            writer.Add(i % 100 == 0 ? entry with { Captions = ["a caption"], CaptionEmbeddings = Row(random.NextSingle(), 1) } : entry);
        }

        writer.Commit();
    }

    // Two numbers in many components: scores lie far apart.
    private static float[] Row(float angle, float phase)
        => [.. Enumerable.Range(0, Dimensions).Select(d => (MathF.Cos(angle) * MathF.Sin((d * 0.7f) + phase)) + (MathF.Sin(angle) * MathF.Cos(d * 0.9f)))];

    private void AssertFindsTheSame(double beta, string kernel)
    {
        Gallery gallery = Gallery.Open(Folder);
        ExactIndex index = gallery.CreateIndex(beta), full = gallery.CreateIndex(beta, options: new ExactIndexOptions { Precision = SearchPrecision.Full });
        SearchHit[] hits = new SearchHit[50], expected = new SearchHit[50];
        for (int query = 0; query < 20; query++)
        {
            float[] asked = Row(query, query / 7f);
            Assert.EndsWith(kernel, index.Search(asked, hits, gallery.Scope()).Kernel, StringComparison.Ordinal);
            full.Search(asked, expected, gallery.Scope());
            Assert.Equal(expected, hits);
        }
    }
}
