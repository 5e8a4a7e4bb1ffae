using System.Text;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tests.GalleryWriting;

namespace ZeroShotCir.Tests.Galleries.Storage;

/// <summary>Damage is named where it is, and what keeps a writer away is called what it is.</summary>
public sealed class GalleryDamageTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.Of("gallery");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Every_damaged_line_is_named()
    {
        using (GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model))
        {
            for (int i = 0; i < 9; i++)
            {
                writer.Add(new GalleryEntry($"item {i}", Enumerable.Repeat(1f, Workload.Dimensions).ToArray()) { Metadata = new Dictionary<string, string> { ["key"] = "value" } });
            }

            writer.Commit();
        }

        string path = Directory.GetFiles(Folder, "*.items.jsonl").Single();
        string[] lines = File.ReadAllLines(path);
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select((line, row) => (row switch
        {
            1 => line.Replace("\"id\"", "\"no\"", StringComparison.Ordinal),
            3 => line.Replace("\"value\"", "nullnul", StringComparison.Ordinal),
            4 => line.Replace("{\"id\"", "[\"id\"", StringComparison.Ordinal),
            5 => line.Replace("\"key\":\"value\"", "\"key\":null   ", StringComparison.Ordinal),
            7 => line.Replace("item 7", "item 6", StringComparison.Ordinal),
            _ => line,
        }) + "\n")));
        int bad = bytes.AsSpan().IndexOf("item 8"u8);
        bytes[bad] = 0xFF;
        Assert.Equal(new FileInfo(path).Length, bytes.Length);
        File.WriteAllBytes(path, bytes);

        GalleryVerification found = GalleryVerifier.Verify(Folder, cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(found.IsValid);
        foreach (int line in (int[])[2, 4, 5, 6, 9])
        {
            Assert.Contains(found.Problems, problem => problem.Contains(FormattableString.Invariant($"Line {line} of"), StringComparison.Ordinal));
        }

        Assert.Contains(found.Problems, problem => problem.Contains("'item 6'", StringComparison.Ordinal));
        Assert.DoesNotContain(found.Problems, problem => problem.Contains("Line 1 of", StringComparison.Ordinal) || problem.Contains("Line 3 of", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_another_writer_is_called_one()
    {
        using (GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model))
        {
            writer.Commit();
            Assert.Throws<GalleryLockedException>(() => GalleryWriter.Open(Folder, Workload.Model));
        }

        // Something else keeps the lock from being opened: a folder of its name.
        File.Delete(Path.Combine(Folder, "writer.lock"));
        Directory.CreateDirectory(Path.Combine(Folder, "writer.lock"));
        IOException other = Assert.Throws<IOException>(() => GalleryWriter.Open(Folder, Workload.Model));
        Assert.Contains("writer.lock", other.Message, StringComparison.Ordinal);
        Assert.Equal(0, Gallery.Open(Folder).Count);

        // A file where the folder should be.
        string file = _temporary.Write("text", "file");
        Assert.ThrowsAny<IOException>(() => GalleryWriter.Open(file, Workload.Model));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Missing_rights_are_an_IOException_in_words()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Rights bind nobody here.");
        using (GalleryWriter writer = GalleryWriter.Open(Folder, Workload.Model))
        {
            writer.Commit();
        }

        File.Delete(Path.Combine(Folder, "writer.lock"));
        UnixRights.Set(Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains("cannot be written", Assert.Throws<IOException>(() => GalleryWriter.Open(Folder, Workload.Model)).Message, StringComparison.Ordinal);
        Assert.Equal(0, Gallery.Open(Folder).Count);
        UnixRights.Set(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
