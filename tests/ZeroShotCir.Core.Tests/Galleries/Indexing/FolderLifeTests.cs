using System.Globalization;
using System.Security.Cryptography;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Tests.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries.Indexing;

/// <summary>A year of a picture folder's life: whatever happened to it, what a gallery finds exists and shows what was indexed.</summary>
public sealed class FolderLifeTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 200;
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();
    private readonly Dictionary<string, int> _happened = [];
    private readonly HashSet<string> _locked = [];
    private string _drive = "";
    private string _home = "home";
    private string _phone = "phone";
    private int _written;

    public void Dispose()
    {
        GiveRightsBack();
        _temporary.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_every_event_every_hit_exists_and_shows_what_was_indexed(int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Replacing a file within its times is noticed by a sign that Linux gives; elsewhere by VerifyContent.");
        Random random = new(seed);
        _drive = _temporary.Of("drive");
        foreach (string folder in (string[])[_home, _home + "/2023", _home + "/2024/summer", _phone, _phone + "/camera"])
        {
            Directory.CreateDirectory(Path.Combine(_drive, folder));
            for (int i = 0; i < 4; i++)
            {
                WriteNew(Path.Combine(_drive, folder, $"{i}.png"));
            }
        }

        await RunAsync(random, killed: false, withPhone: false);
        for (int day = 0; day < Events; day++)
        {
            bool withPhone = day > Events / 4;
            GiveRightsBack();
            string what = Happen(random);
            bool killed = what == "kill";
            _happened[what] = _happened.GetValueOrDefault(what) + 1;
            GalleryBuildResult? result = await RunAsync(random, killed, withPhone);
            if (result is not null)
            {
                GiveRightsBack();
                AssertFollows(withPhone, $"event {day}, {what}");
            }
        }

        GiveRightsBack();
        await RunAsync(random, killed: false, withPhone: true);
        AssertFollows(withPhone: true, "the end");
        GalleryState.AssertValid(Gallery);
        output.WriteLine($"{string.Join(", ", _happened.OrderBy(entry => entry.Key).Select(entry => $"{entry.Value} {entry.Key}"))}; {_encoder.ImagesEncoded} images encoded");
        Assert.True(_happened.Count >= 12, "Some kinds of events never happened.");
    }

    private string Gallery => Path.Combine(_drive, "gallery");

    private string[] Pictures
        => [.. new[] { _home, _phone }.SelectMany(root => Directory.GetFiles(Path.Combine(_drive, root), "*.png", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];

    private string Happen(Random random)
    {
        string[] pictures = Pictures;
        string one = pictures[random.Next(pictures.Length)], other = pictures[random.Next(pictures.Length)];
        string folder = Path.GetDirectoryName(other)!;
        switch (random.Next(16))
        {
            case 0:
                WriteNew(Path.Combine(folder, $"new {_written}.png"));
                return "add";
            case 1:
                File.Copy(one, Path.Combine(folder, $"copy {++_written}.png"));
                return "copy";
            case 2 when pictures.Count(picture => picture.StartsWith(Path.Combine(_drive, RootOf(one)), StringComparison.Ordinal)) > 6:
                File.Delete(one);
                return "delete";
            case 3:
                File.Move(one, Path.Combine(Path.GetDirectoryName(one)!, $"renamed {++_written}.png"));
                return "rename";
            case 4:
                File.Move(one, Path.Combine(folder, $"moved {++_written}.png"));
                return "move";
            case 5:
                ReplaceWithinTimes(one);
                return "replace within size and times";
            case 6:
                DateTime oneTime = File.GetLastWriteTimeUtc(one);
                if (one != other)
                {
                    string aside = one + ".aside";
                    File.Move(one, aside);
                    File.Move(other, one);
                    File.Move(aside, other);
                    File.SetLastWriteTimeUtc(one, oneTime);
                    File.SetLastWriteTimeUtc(other, oneTime);
                }

                return "exchange";
            case 7:
                File.SetLastWriteTimeUtc(one, DateTime.UtcNow.AddMinutes(-random.Next(100_000)));
                return "touch";
            case 8:
                File.WriteAllText(one, $"bad {++_written}");
                return "spoil";
            case 9:
                foreach (string spoilt in pictures.Where(IsBad))
                {
                    WriteNew(spoilt);
                }

                return "mend";
            case 10:
                string renamed = $"{RootOf(one)[..4]} {++_written}";
                Directory.Move(Path.Combine(_drive, RootOf(one)), Path.Combine(_drive, renamed));
                (_home, _phone) = RootOf(one) == _home ? (renamed, _phone) : (_home, renamed);
                return "move a root";
            case 11:
                string mounted = _temporary.Of($"mounted {++_written}");
                Directory.Move(_drive, mounted);
                _drive = mounted;
                AssertExist("the drive moved, with the gallery");
                return "move the drive";
            case 12 when !OperatingSystem.IsWindows():
                _locked.Add(random.Next(2) == 0 ? one : Path.GetDirectoryName(one)!);
                foreach (string path in _locked)
                {
                    UnixRights.Set(path, UnixFileMode.None);
                }

                return "refuse rights";
            case 13:
                string summer = Path.Combine(_drive, _home, $"trip {++_written}");
                Directory.Move(Directory.GetDirectories(Path.Combine(_drive, _home))[0], summer);
                return "rename a folder";
            default:
                return "kill";
        }
    }

    private async Task<GalleryBuildResult?> RunAsync(Random random, bool killed, bool withPhone)
    {
        FailingStorage storage = new(killed ? random.Next(1, 80) : int.MaxValue, diskFull: false, seed: random.Next());
        GalleryBuilder builder = new(_encoder, _encoder, new() { BatchSize = 3, CommitInterval = TimeSpan.Zero, RemoveMissing = true }) { Disk = storage };
        try
        {
            NamedFolder[] phone = withPhone ? [new NamedFolder(Path.Combine(_drive, _phone))] : [];
            GalleryScan scan = GalleryScan.Read(
                Gallery, [new NamedFolder(Path.Combine(_drive, _home)), .. phone], null, TestContext.Current.CancellationToken);
            return await builder.BuildAsync(scan, null, null, TestContext.Current.CancellationToken);
        }
        catch (IOException) when (storage.Failed)
        {
            storage.CutPower();
            if (File.Exists(Path.Combine(Gallery, "manifest.json")))
            {
                GalleryState.AssertValid(Gallery);
            }

            return null;
        }
    }

    private void AssertFollows(bool withPhone, string when)
    {
        Gallery gallery = ZeroShotCir.Galleries.Gallery.Open(Gallery);
        HashSet<string> expected = [.. Pictures.Where(path => !IsBad(path) && (withPhone || RootOf(path) == _home))];
        float[] embedding = new float[gallery.Dimensions];
        for (int ordinal = 0; ordinal < gallery.OrdinalCount; ordinal++)
        {
            if (gallery.IsRemoved(ordinal))
            {
                continue;
            }

            string file = gallery.FileOf(ordinal)!;
            Assert.True(expected.Remove(file), $"After {when}: '{gallery.IdOf(ordinal)}' is '{file}', which is no picture there, or is found twice.");
            byte[] bytes = File.ReadAllBytes(file);
            Assert.True(gallery.ContentOf(ordinal) == Convert.ToHexStringLower(SHA256.HashData(bytes)), $"After {when}: '{file}' is not what was indexed.");
            gallery.CopyImage(ordinal, embedding);
            Assert.All(_encoder.Image(bytes).Zip(embedding), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }

        Assert.True(expected.Count == 0, $"After {when}, not in the gallery: {string.Join(", ", expected)}");
    }

    private void AssertExist(string when)
    {
        Gallery gallery = ZeroShotCir.Galleries.Gallery.Open(Gallery);
        string[] missing = [.. Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(ordinal => gallery.FileOf(ordinal)!).Where(
            path => !path.StartsWith(_drive, StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"After {when}: {string.Join(", ", missing)}");
    }

    private string RootOf(string path) => Path.GetRelativePath(_drive, path).Split('/')[0];

    private static bool IsBad(string path) => File.ReadAllText(path).StartsWith("bad", StringComparison.Ordinal);

    private void WriteNew(string path) => File.WriteAllText(path, $"picture {(++_written).ToString("D5", CultureInfo.InvariantCulture)}");

    // Another picture of the same length, with the time of the first: what rsync -t, cp -p and unpacked archives leave.
    private void ReplaceWithinTimes(string path)
    {
        DateTime time = File.GetLastWriteTimeUtc(path);
        if (IsBad(path))
        {
            return;
        }

        WriteNew(path);
        File.SetLastWriteTimeUtc(path, time);
    }

    private void GiveRightsBack()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string path in _locked.Where(Path.Exists))
        {
            UnixRights.Set(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _locked.Clear();
    }
}
