using System.Text;
using System.Text.Json.Nodes;
using ZeroShotCir.Errors;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Galleries.Storage;

/// <summary>Whatever becomes of a file of a gallery, opening, searching, verifying, scanning and writing end in a typed error or in nothing worse.</summary>
public sealed class GalleryMutationTests : IDisposable
{
    private static readonly float[] Query = [1, 2, 3, 4, 5, 6, 7, 8];
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_spoilt_file_is_told_by_a_typed_exception()
    {
        string folder = _temporary.Of("gallery");
        await BuildAsync(folder);
        string[] files = [.. Directory.EnumerateFiles(folder).Where(file => new FileInfo(file).Length > 0).Order(StringComparer.Ordinal)];
        byte[][] good = [.. files.Select(File.ReadAllBytes)];
        Assert.Contains(files, file => file.EndsWith("unusable.json", StringComparison.Ordinal));
        int which = 0, manifest = Array.FindIndex(files, file => Path.GetFileName(file) == "manifest.json");
        bool isAdmitted = false, isBuilt = false;
        MutationRun run = new("galleries", 120, async bad =>
        {
            File.WriteAllBytes(files[which], bad);
            if (isAdmitted && which != manifest)
            {
                File.WriteAllBytes(files[manifest], Admitting(good[manifest], Path.GetFileName(files[which]), bad.Length));
            }

            try
            {
                await UseAsync(folder, isBuilt);
            }
            catch (Exception e) when (e is not ZeroShotCirException)
            {
                throw new InvalidOperationException(Path.GetFileName(files[which]), e);
            }
            finally
            {
                if (isBuilt)
                {
                    // It may have made any other file anew.
                    Directory.Delete(folder, recursive: true);
                    Directory.CreateDirectory(folder);
                    files.Zip(good).ToList().ForEach(file => File.WriteAllBytes(file.First, file.Second));
                }
                else
                {
                    File.WriteAllBytes(files[which], good[which]);
                    File.WriteAllBytes(files[manifest], good[manifest]);
                }
            }
        })
        {
            IsRefusal = e => e is ZeroShotCirException,
        };

        await run.ExecuteAsync(random =>
        {
            which = random.Next(files.Length);

            // The manifest gives the length of each file; one that does not fit is refused for that alone.
            isAdmitted = random.Next(5) != 0;

            // Writing waits for the disk.
            isBuilt = random.Next(10) == 0;
            return files[which].EndsWith(".safetensors", StringComparison.Ordinal) ? Mutation.Picture(good[which], random) : Mutation.Json(good[which], random);
        });

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    private async Task BuildAsync(string gallery)
    {
        foreach (string name in (string[])["a.png", "b.png", "sub/c.png", "bad.png"])
        {
            _temporary.Write(name == "bad.png" ? "bad" : name, ["photos", .. name.Split('/')]);
        }

        GalleryBuilder builder = new(_encoder, _encoder, new GalleryBuilderOptions { RemoveMissing = true });
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Dictionary<string, IReadOnlyList<string>> captions = new() { ["a.png"] = ["a dress", "é"], ["sub/c.png"] = ["b"] };
        await builder.BuildAsync(Scan(gallery), captions, null, cancellationToken);

        // A second segment, and a row that is removed from the first.
        _temporary.Write("d", "photos", "d.png");
        File.Delete(_temporary.Of("photos", "b.png"));
        await builder.BuildAsync(Scan(gallery), captions, null, cancellationToken);
        Assert.Equal(3, Gallery.Open(gallery).Count);
    }

    private async Task UseAsync(string folder, bool isBuilt)
    {
        // Verifying tells of damage and does not throw.
        Assert.NotNull(GalleryVerifier.Verify(folder, cancellationToken: TestContext.Current.CancellationToken));
        Gallery gallery = Gallery.Open(folder);
        SearchHit[] hits = new SearchHit[3];
        int found = gallery.CreateIndex(0.1).Search(Query, hits, gallery.Scope()).Found;
        foreach (SearchHit hit in hits[..found])
        {
            GalleryItem item = gallery.ItemAt(hit.Ordinal);
            Assert.Equal(hit.Ordinal, gallery.OrdinalOf(item.Id));
            _ = gallery.FileOf(hit.Ordinal);
        }

        GalleryScan scan = Scan(folder);
        if (isBuilt)
        {
            GalleryBuilder builder = new(_encoder, _encoder, new GalleryBuilderOptions { RemoveMissing = true });
            await builder.BuildAsync(scan, null, null, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The manifest as it would be of the spoilt file.</summary>
    private static byte[] Admitting(byte[] manifest, string file, int bytes)
    {
        JsonNode root = JsonNode.Parse(manifest)!;
        foreach (JsonNode? entry in root["segments"]!.AsArray()
            .SelectMany(segment => segment!["files"]!.AsObject().Select(role => role.Value))
            .Where(entry => (string?)entry!["name"] == file))
        {
            entry!["bytes"] = bytes;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private GalleryScan Scan(string gallery) => GalleryScan.Read(gallery, [new NamedFolder(_temporary.Of("photos"), null)], null, TestContext.Current.CancellationToken);
}
