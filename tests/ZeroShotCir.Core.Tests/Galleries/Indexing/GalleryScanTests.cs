using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries.Indexing;

/// <summary>Folders as roots of a gallery: which is which, where they are, and what is missing in them.</summary>
public sealed class GalleryScanTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();
    private string? _name;

    private string Folder => _temporary.Of("gallery");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_second_folder_keeps_its_own_ids_and_takes_nothing_away()
    {
        Write("mine/IMG_1.png", "red");
        Write("mine/b.png", "blue");
        Write("phone/IMG_1.png", "green");
        await BuildAsync(["mine"], captions: new() { ["IMG_1.png"] = ["a red one"] });

        (GalleryScan scan, GalleryBuildResult result) = await BuildAsync(["phone"]);

        Assert.Contains("'phone/'", Assert.Single(scan.Notes), StringComparison.Ordinal);
        Assert.Equal((1, 0, 3), (result.Added, result.Removed.Count, result.Count));
        Gallery gallery = Gallery.Open(Folder);
        Assert.Equal(["IMG_1.png", "b.png", "phone/IMG_1.png"], Ids(gallery));
        Assert.Equal(["a red one"], gallery.ItemAt(gallery.OrdinalOf("IMG_1.png")).Captions);
        Assert.Equal(_temporary.Of("phone", "IMG_1.png"), gallery.FileOf(gallery.OrdinalOf("phone/IMG_1.png")));

        // Each folder is followed by itself, and both together.
        File.Delete(_temporary.Of("phone", "IMG_1.png"));
        Write("phone/new.png", "new");
        File.Delete(_temporary.Of("mine", "b.png"));
        Assert.Equal(["phone/IMG_1.png"], (await BuildAsync(["phone"])).Result.Removed);
        Assert.Equal(["b.png"], (await BuildAsync(["mine", "phone"])).Result.Removed);
        Assert.Equal(["IMG_1.png", "phone/new.png"], Ids(Gallery.Open(Folder)));
    }

    [Fact]
    public async Task A_folder_below_a_root_is_a_part_of_it_and_one_around_it_takes_it_along()
    {
        Write("photos/2023/a.png", "a");
        Write("photos/2024/b.png", "b");
        await BuildAsync(["photos"]);
        File.Delete(_temporary.Of("photos", "2023", "a.png"));
        Write("photos/2024/c.png", "c");

        GalleryBuildResult part = (await BuildAsync(["photos/2024"])).Result;
        Assert.Equal((1, 1, 0), (part.Added, part.Unchanged, part.Removed.Count));
        Assert.Equal(["2023/a.png", "2024/b.png", "2024/c.png"], Ids(Gallery.Open(Folder)));

        Write("outside.png", "o");
        Write("photos/2024/d.png", "d");
        GalleryBuildResult around = (await BuildAsync([""])).Result;
        Assert.Equal((2, 2), (around.Added, around.Unchanged));
        string[] ids = Ids(Gallery.Open(Folder));
        Assert.Equal(["2024/b.png", "2024/c.png", "2024/d.png"], ids[..3]);
        Assert.EndsWith("/outside.png", Assert.Single(ids[3..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_root_is_recognised_by_place_content_or_name()
    {
        Write("drive/photos/a.png", "a");
        Write("drive/photos/b/c.png", "c");
        await BuildAsync(["drive/photos"], "drive/gallery");
        int encoded = _encoder.ImagesEncoded;

        // The drive is mounted elsewhere: at once, and for the next run.
        Directory.Move(_temporary.Of("drive"), _temporary.Of("drive 2"));
        Assert.All(Files("drive 2/gallery"), file => Assert.True(File.Exists(file), file));
        GalleryBuildResult moved = (await BuildAsync(["drive 2/photos"], "drive 2/gallery")).Result;
        Assert.Equal((0, 2, 0, 0), (moved.Added, moved.Unchanged, moved.Removed.Count, moved.Renamed.Count));

        // The pictures alone.
        Directory.Move(_temporary.Of("drive 2", "photos"), _temporary.Of("pictures"));
        Gallery gallery = Gallery.Open(_temporary.Of("drive 2", "gallery")).WithRoot("", _temporary.Of("pictures"));
        Assert.True(File.Exists(gallery.FileOf(gallery.OrdinalOf("b/c.png"))));
        Assert.Throws<InvalidGalleryException>(() => gallery.WithRoot("phone", "x"));
        (GalleryScan scan, moved) = await BuildAsync(["pictures"], "drive 2/gallery");
        Assert.Contains("moved", Assert.Single(scan.Notes), StringComparison.Ordinal);
        Assert.Equal((0, 2), (moved.Added, moved.Unchanged));

        // A named root is where its name says.
        Write("phone/p.png", "p");
        _name = "phone";
        await BuildAsync(["phone"], "drive 2/gallery");
        Directory.Move(_temporary.Of("phone"), _temporary.Of("telephone"));
        File.Delete(_temporary.Of("telephone", "p.png"));
        Write("telephone/q.png", "q");
        moved = (await BuildAsync(["telephone"], "drive 2/gallery")).Result;
        Assert.Equal((1, 1), (moved.Added, moved.Removed.Count));
        Assert.Equal(["a.png", "b/c.png", "phone/q.png"], Ids(Gallery.Open(_temporary.Of("drive 2", "gallery"))));
        Assert.Equal(encoded + 2, _encoder.ImagesEncoded);
    }

    [Fact]
    public async Task What_is_empty_away_or_unreadable_removes_nothing()
    {
        Write("photos/a.png", "a");
        Write("photos/sub/b.png", "b");
        await BuildAsync(["photos"]);
        Directory.Move(_temporary.Of("photos"), _temporary.Of("aside"));
        Directory.CreateDirectory(_temporary.Of("photos"));

        GalleryBuildResult empty = (await BuildAsync(["photos"])).Result;
        Assert.Equal((0, 2), (empty.Removed.Count, empty.Count));

        // A file that is no picture does not make the folder less empty.
        Write("photos/lost+found.txt", "text");
        empty = (await BuildAsync(["photos"])).Result;
        Assert.Equal((0, 2, 2), (empty.Removed.Count, empty.Count, empty.Missing.Count));
        Assert.Equal(1, empty.LeftOut[".txt"]);

        Directory.Delete(_temporary.Of("photos"), recursive: true);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => BuildAsync(["photos"]));
        Directory.Move(_temporary.Of("aside"), _temporary.Of("photos"));
        File.Delete(_temporary.Of("photos", "a.png"));
        GalleryBuildResult kept = (await BuildAsync(["photos"], keepMissing: true)).Result;
        Assert.Equal(["a.png"], kept.Missing);
        Assert.Equal(2, kept.Count);
        Assert.Equal(["a.png"], (await BuildAsync(["photos"])).Result.Removed);
    }

    [Fact]
    public async Task Renamed_and_moved_pictures_keep_rows_and_captions()
    {
        Write("photos/a.png", "a");
        Write("photos/b.png", "b");
        await BuildAsync(["photos"], captions: new() { ["a.png"] = ["first"], ["b.png"] = ["second"] });
        (int encoded, int texts) = (_encoder.ImagesEncoded, _encoder.TextsEncoded);
        Directory.CreateDirectory(_temporary.Of("photos", "sub"));
        File.Move(_temporary.Of("photos", "a.png"), _temporary.Of("photos", "sub", "new name.png"));

        GalleryBuildResult renamed = (await BuildAsync(["photos"], keepMissing: true)).Result;

        GalleryRename rename = Assert.Single(renamed.Renamed);
        Assert.Equal(("a.png", "sub/new name.png", 0, 2), (rename.From, rename.To, renamed.Added, renamed.Count));
        Gallery gallery = Gallery.Open(Folder);
        Assert.Equal(["first"], gallery.ItemAt(gallery.OrdinalOf("sub/new name.png")).Captions);
        Assert.Equal((encoded, texts), (_encoder.ImagesEncoded, _encoder.TextsEncoded));

        // A copy is encoded once, told, and captioned like the picture it copies.
        File.Copy(_temporary.Of("photos", "b.png"), _temporary.Of("photos", "b copy.png"));
        GalleryBuildResult copied = (await BuildAsync(["photos"])).Result;
        Assert.Equal((1, 1, 3, encoded), (copied.Added, copied.Duplicates, copied.Count, _encoder.ImagesEncoded));
    }

    [Fact]
    public async Task A_picture_that_went_bad_no_longer_answers()
    {
        Write("photos/a.png", "a");
        Write("photos/b.png", "b");
        await BuildAsync(["photos"]);
        Write("photos/a.png", "bad");

        GalleryBuildResult result = (await BuildAsync(["photos"])).Result;

        Assert.Equal("a.png", Assert.Single(result.Failed).Id);
        Assert.Equal(["a.png"], result.Removed);
        Assert.Equal(["b.png"], Ids(Gallery.Open(Folder)));
    }

    [Fact]
    public async Task Other_names_for_the_same_pictures_are_refused()
    {
        Write("photos/sub/a.png", "a");
        await BuildAsync(["photos"]);
        InvalidGalleryException other = await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(["photos"], naming: ImageNaming.FileName));
        Assert.Contains("by their paths", other.Message, StringComparison.Ordinal);
        _name = "again";
        Assert.Contains("already", (await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(["photos"]))).Message, StringComparison.Ordinal);
        _name = null;
        await Assert.ThrowsAsync<InvalidGalleryException>(() => BuildAsync(["gallery"]));
        Assert.Throws<ArgumentException>(() => new NamedFolder("photos", "a/b"));

        // Two pictures of one name: one is in, the other one is told, whichever came first.
        Write("named/x/a.png", "one");
        Write("named/y/a.jpg", "two");
        (GalleryScan scan, GalleryBuildResult built) = await BuildAsync(["named"], "second", naming: ImageNaming.FileName);
        Assert.Equal((1, 1), (built.Added, scan.Problems.Count));
        Assert.Contains("have the same name", scan.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), ((await BuildAsync(["named"], "second")).Result.Added, (await BuildAsync(["named"], "second")).Result.Unchanged));
    }

    [Fact]
    public async Task Names_in_any_Unicode_form_are_found()
    {
        const string Composed = "M\u00FCller/a.png", Decomposed = "Mu\u0308ller/b.png";
        Write($"photos/{Composed}", "a");
        Write($"photos/{Decomposed}", "b");
        await BuildAsync(["photos"]);
        Gallery gallery = Gallery.Open(Folder);
        Assert.Equal(gallery.OrdinalOf(Decomposed), gallery.OrdinalOf("M\u00FCller/b.png"));
        Assert.Equal(gallery.OrdinalOf(Composed), gallery.OrdinalOf("Mu\u0308ller/a.png"));
        Assert.Contains("Did you mean", Assert.Throws<UnknownItemException>(() => gallery.OrdinalOf("m\u00FCller/A.PNG")).Message, StringComparison.Ordinal);

        // Two that read the same are told apart by their exact spelling, and only by it.
        Write("photos/Mu\u0308ller/a.png", "c");
        await BuildAsync(["photos"]);
        gallery = Gallery.Open(Folder);
        Assert.NotEqual(gallery.OrdinalOf(Composed), gallery.OrdinalOf("Mu\u0308ller/a.png"));
        GalleryState.AssertValid(Folder);
    }

    [Fact]
    public async Task A_gallery_of_the_first_format_says_so_and_can_be_encoded_again()
    {
        Write("photos/a.png", "a");
        Write("photos/b.png", "b");
        await BuildAsync(["photos"], captions: new() { ["a.png"] = ["kept"] });
        string path = Path.Combine(Folder, "manifest.json");
        System.Text.Json.Nodes.JsonObject manifest = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest["version"] = 1;
        File.WriteAllText(path, manifest.ToJsonString());

        Assert.Contains("--rebuild", Gallery.Open(Folder).Warning, StringComparison.Ordinal);
        await BuildAsync(["photos"]);
        Assert.NotNull(Gallery.Open(Folder).Warning);
        int encoded = _encoder.ImagesEncoded;
        await BuildAsync(["photos"], rebuild: true);
        Assert.Equal(encoded + 2, _encoder.ImagesEncoded);
        Gallery rebuilt = Gallery.Open(Folder);
        Assert.Null(rebuilt.Warning);
        Assert.Equal(["kept"], rebuilt.ItemAt(rebuilt.OrdinalOf("a.png")).Captions);
        GalleryState.AssertValid(Folder);
    }

    [Fact]
    public async Task Copies_are_folded_into_one_hit_and_k_is_met()
    {
        Write("photos/a.png", "same");
        Write("photos/b.png", "same");
        Write("photos/c.png", "other");
        Write("photos/d.png", "same");
        Write("photos/e.png", "third");
        await BuildAsync(["photos"]);
        Gallery gallery = Gallery.Open(Folder);
        int[] ranking = [gallery.OrdinalOf("b.png"), gallery.OrdinalOf("a.png"), gallery.OrdinalOf("d.png"), gallery.OrdinalOf("c.png"), gallery.OrdinalOf("e.png")];
        for (int k = 1; k <= 4; k++)
        {
            IReadOnlyList<FoldedHit<int>> hits = await DuplicateFolding.SearchAsync(
                gallery, k, asked => ValueTask.FromResult<IReadOnlyList<int>>([.. ranking.Take(asked)]), ordinal => ordinal, TestContext.Current.CancellationToken);
            Assert.Equal(new[] { "b.png", "c.png", "e.png" }.Take(k), hits.Select(hit => gallery.IdOf(hit.Hit)));
            Assert.Equal(["a.png", "d.png"], hits[0].Copies.Select(gallery.IdOf));
            Assert.All(hits.Skip(1), hit => Assert.Empty(hit.Copies));
        }
    }

    private async Task<(GalleryScan Scan, GalleryBuildResult Result)> BuildAsync(
        string[] folders,
        string gallery = "gallery",
        bool keepMissing = false,
        bool rebuild = false,
        ImageNaming? naming = null,
        Dictionary<string, IReadOnlyList<string>>? captions = null)
    {
        GalleryScan scan = GalleryScan.Read(
            _temporary.Of(gallery.Split('/')),
            [.. folders.Select(folder => new NamedFolder(_temporary.Of(folder.Split('/')), _name))],
            new GalleryScanOptions { Naming = naming },
            TestContext.Current.CancellationToken);
        GalleryBuilder builder = new(_encoder, _encoder, new() { RemoveMissing = !keepMissing, Rebuild = rebuild });
        return (scan, await builder.BuildAsync(scan, captions, null, TestContext.Current.CancellationToken));
    }

    private void Write(string name, string content) => _temporary.Write(content, name.Split('/'));

    private string[] Files(string gallery)
    {
        Gallery opened = Gallery.Open(_temporary.Of(gallery.Split('/')));
        return [.. Enumerable.Range(0, opened.OrdinalCount).Where(ordinal => !opened.IsRemoved(ordinal)).Select(ordinal => opened.FileOf(ordinal)!)];
    }

    private static string[] Ids(Gallery gallery)
        => [.. Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(gallery.IdOf).Order(StringComparer.Ordinal)];
}
