using System.Diagnostics;
using ZeroShotCir.Galleries.Indexing;

namespace ZeroShotCir.Tests.Galleries.Indexing;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    private readonly TemporaryFolder _temporary = new();

    private string Root => _temporary.Of("root");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Files_are_images_by_content_and_the_rest_is_counted_by_ending()
    {
        foreach (string name in (string[])["a.jfif", "b", "c.JPG", "d.txt", "sub/e.dat"])
        {
            Write(name, Jpeg);
        }

        Write("cut.png", []); // Called a picture, so that somebody should be told.
        Write("notes.txt", "text"u8);
        Write("more.TXT", "text"u8);
        Write("README", "text"u8);

        ImageFolderContent found = ImageFolder.ReadImages(Root, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["a.jfif", "b", "c.JPG", "cut.png", "d.txt", "sub/e.dat"], found.Files.Select(file => file.Name));
        Assert.Equal(new Dictionary<string, int> { ["(none)"] = 1, [".txt"] = 2 }, found.LeftOut);
        Assert.Empty(found.Problems);
        Assert.All(found.Files, file => Assert.True(File.Exists(file.Path)));
    }

    [Fact]
    public void Hidden_files_and_folders_of_thumbnails_are_left_out_unless_asked_for()
    {
        string[] names =
        [
            "a.jpg", ".hidden.jpg", "._a.jpg", ".thumbnails/t.jpg", "@eaDir/a.jpg/T.jpg",
            "__MACOSX/a.jpg", "sub/.trash/x.jpg", "drafts/d.jpg", "2019/raw/r.jpg", "2019/raw.jpg",
        ];
        foreach (string name in names)
        {
            Write(name, Jpeg);
        }

        Assert.Equal(["2019/raw.jpg", "2019/raw/r.jpg", "a.jpg", "drafts/d.jpg"], Names(new ImageFolderOptions()));
        Assert.Equal(10, Names(new ImageFolderOptions { IncludeHidden = true }).Length);
        Assert.Equal(["2019/raw.jpg", "a.jpg"], Names(new ImageFolderOptions { LeaveOut = ["drafts", "*/raw"] }));
        Assert.Equal(["drafts/d.jpg"], Names(new ImageFolderOptions { LeaveOut = ["r*.jp?", "a.jpg"] }));
        Assert.Equal(6, ImageFolder.ReadFiles(Root, cancellationToken: TestContext.Current.CancellationToken).Hidden);
        Assert.Throws<ArgumentException>(() => ImageFolder.ReadFiles(Root, new ImageFolderOptions { LeaveOut = [""] }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Each_real_folder_and_file_is_found_once_however_many_links_lead_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Write("a/1.jpg", Jpeg);
        Write("b/2.jpg", Jpeg);
        Write(".store/3.jpg", Jpeg);
        Directory.CreateSymbolicLink(Path.Combine(Root, "again"), Root);
        Directory.CreateSymbolicLink(Path.Combine(Root, "a", "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(Root, "a", "twin"), "../b");
        Directory.CreateSymbolicLink(Path.Combine(Root, "stored"), ".store");
        Directory.CreateSymbolicLink(Path.Combine(Root, "stored too"), ".store");
        File.CreateSymbolicLink(Path.Combine(Root, "1 again.jpg"), "a/1.jpg");

        Assert.Equal(["a/1.jpg", "b/2.jpg", "stored/3.jpg"], Names(new ImageFolderOptions()));
    }

    [Fact]
    public void Links_out_of_the_folder_are_counted_and_followed_on_request()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Write("a.jpg", Jpeg);
        Write("../outside/o.jpg", Jpeg);
        Directory.CreateSymbolicLink(Path.Combine(Root, "out"), _temporary.Of("outside"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "out too"), _temporary.Of("outside"));
        File.CreateSymbolicLink(Path.Combine(Root, "single.jpg"), _temporary.Of("outside", "o.jpg"));
        File.CreateSymbolicLink(Path.Combine(Root, "nowhere.jpg"), "missing.jpg");

        ImageFolderContent found = ImageFolder.ReadFiles(Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["a.jpg"], found.Files.Select(file => file.Name));
        Assert.Equal(3, found.Links);
        Assert.Contains("leads nowhere", Assert.Single(found.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(["a.jpg", "out/o.jpg"], Names(new ImageFolderOptions { FollowLinks = true }));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void What_is_no_file_and_what_cannot_be_read_is_one_line_each()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes and rights are those of Linux.");
        Write("a.jpg", Jpeg);
        Write("secret/s.jpg", Jpeg);
        using (Process process = Process.Start("mkfifo", [Path.Combine(Root, "pipe.jpg")]))
        {
            process.WaitForExit();
        }

        UnixRights.Set(Path.Combine(Root, "secret"), UnixFileMode.None);
        try
        {
            ImageFolderContent found = ImageFolder.ReadImages(Root, cancellationToken: TestContext.Current.CancellationToken);
            bool mayAll = Environment.IsPrivilegedProcess;
            Assert.Equal(mayAll ? ["a.jpg", "secret/s.jpg"] : ["a.jpg"], found.Files.Select(file => file.Name));
            Assert.Equal(mayAll ? ["pipe.jpg"] : ["pipe.jpg", "secret"], found.Problems.Select(problem => problem.Name).Order(StringComparer.Ordinal));
        }
        finally
        {
            UnixRights.Set(Path.Combine(Root, "secret"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_gallery_in_the_folder_is_left_out_and_a_missing_folder_refused()
    {
        Write("a.jpg", Jpeg);
        Write("gallery/manifest.json", "{}"u8);
        Write("gallery/writer.lock", []);
        Write("gallery/thumbnail.jpg", Jpeg);

        Assert.Equal(["a.jpg"], Names(new ImageFolderOptions()));
        DirectoryNotFoundException absent = Assert.Throws<DirectoryNotFoundException>(
            () => ImageFolder.ReadFiles(Root + "-none", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("does not exist", absent.Message, StringComparison.Ordinal);
        DirectoryNotFoundException file = Assert.Throws<DirectoryNotFoundException>(
            () => ImageFolder.ReadFiles(Path.Combine(Root, "a.jpg"), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("is a file", file.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_that_no_calendar_has_stop_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not take them.");
        Write("a.jpg", Jpeg);
        using (Process process = Process.Start(new ProcessStartInfo("touch", ["-d", "@99999999999999", Path.Combine(Root, "a.jpg")]) { RedirectStandardError = true })!)
        {
            process.WaitForExit();
        }

        Assert.Equal(["a.jpg"], Names(new ImageFolderOptions()));
    }

    [Fact]
    public void All_files_of_many_folders_and_of_large_ones_come_by_their_names_with_their_stamps()
    {
        // Names that begin alike, and signs on both sides of the slash: a folder's files do not stand together by its own name alone.
        string[] parts = ["a", "a-b", "a.b", "a b", "a0", "ä", "B", "a!"];
        Random random = new(3);
        HashSet<string> expected = new(StringComparer.Ordinal);
        for (int i = 0; i < 300; i++)
        {
            string folder = string.Join('/', Enumerable.Range(0, random.Next(4)).Select(_ => parts[random.Next(parts.Length)]));
            expected.Add($"{folder}/{parts[random.Next(parts.Length)]}.{random.Next(3)}".TrimStart('/'));
        }

        for (int i = 0; i < 5000; i++)
        {
            expected.Add($"many/{i}.jpg"); // More than are asked about at a time.
        }

        foreach (string name in expected)
        {
            Write(name, Jpeg.AsSpan(0, 1 + (name.Length % Jpeg.Length)));
        }

        IReadOnlyList<ImageFolderFile> found = ImageFolder.ReadFiles(Root, cancellationToken: TestContext.Current.CancellationToken).Files;

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(file => file.Name));
        Assert.All(found, file =>
        {
            FileInfo info = new(Path.Combine(Root, file.Name));
            Assert.Equal(info.FullName, file.Path);
            Assert.Equal((true, info.Length, info.LastWriteTimeUtc), (file.Stamp!.IsFile, file.Stamp.Bytes, file.Stamp.Modified.UtcDateTime));
        });
    }

    private string[] Names(ImageFolderOptions options)
        => [.. ImageFolder.ReadImages(Root, options, TestContext.Current.CancellationToken).Files.Select(file => file.Name)];

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
