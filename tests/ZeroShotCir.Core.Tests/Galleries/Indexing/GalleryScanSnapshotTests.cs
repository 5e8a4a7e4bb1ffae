using System.Security.Cryptography;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;

namespace ZeroShotCir.Tests.Galleries.Indexing;

/// <summary>A look at folders is one moment: what happens to a file later is found by the next look, whole.</summary>
public sealed class GalleryScanSnapshotTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => _temporary.Of("gallery");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task What_happens_to_a_file_after_the_look_is_found_by_the_next_one()
    {
        string path = _temporary.Of("photos", "a.png");
        _temporary.Write("before", "photos", "a.png");
        _temporary.Write("gone", "photos", "b.png");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        await Task.Delay(50, Token); // Old enough to be trusted.
        await BuildAsync(Look());

        GalleryScan scan = Look();
        _temporary.Write("after!", "photos", "a.png");
        File.Delete(_temporary.Of("photos", "b.png"));
        await BuildAsync(scan);

        GalleryBuildResult next = await BuildAsync(Look());
        Assert.Equal((1, 1), (next.Removed.Count, next.Count));
        Gallery gallery = Gallery.Open(Folder);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), gallery.ContentOf(gallery.OrdinalOf("a.png")));
    }

    [Fact]
    public async Task A_look_is_a_look_at_linked_files_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        _temporary.Write("a", "photos", "a.png");
        _temporary.Write("b", "elsewhere", "b.png");
        _temporary.Write("c", "elsewhere", "more", "c.png");
        File.CreateSymbolicLink(_temporary.Of("photos", "b.png"), _temporary.Of("elsewhere", "b.png"));
        Directory.CreateSymbolicLink(_temporary.Of("photos", "more"), _temporary.Of("elsewhere", "more"));
        await Task.Delay(50, Token); // Old enough to be trusted.
        await BuildAsync(Look());

        GalleryScan scan = Look();
        File.Delete(_temporary.Of("photos", "b.png"));
        File.Delete(_temporary.Of("elsewhere", "more", "c.png"));

        GalleryBuildResult first = await BuildAsync(scan);
        Assert.Equal((3, 0, 0), (first.Unchanged, first.Failed.Count, first.Removed.Count));
        Assert.Equal(2, (await BuildAsync(Look())).Removed.Count);
    }

    private GalleryScan Look() => GalleryScan.Read(
        Folder, [new NamedFolder(_temporary.Of("photos"))], new GalleryScanOptions { Files = new ImageFolderOptions { FollowLinks = true } }, Token);

    private Task<GalleryBuildResult> BuildAsync(GalleryScan scan)
        => new GalleryBuilder(_encoder, _encoder, new() { RemoveMissing = true }).BuildAsync(scan, null, null, Token);
}
