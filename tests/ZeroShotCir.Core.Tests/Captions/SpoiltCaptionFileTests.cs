using System.Text;
using ZeroShotCir.Captions;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Captions;

/// <summary>Whatever becomes of a file of captions, it is read or refused by a typed error.</summary>
public sealed class SpoiltCaptionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[{\"candidate\":\"a\",\"captions\":[\"x\",\"é\"]},{\"id\":\"b\",\"captions\":[]}]")]
    [InlineData("{\"id\":\"a\",\"captions\":[\"x\"],\"image\":\"h\",\"captioner\":\"c\"}\n{\"id\":\"b\",\"captions\":[],\"error\":\"refused\"}\n")]
    public void A_spoilt_file_is_read_or_refused(string content)
    {
        string path = _folder.Write(content, "captions.json");
        Assert.True(CaptionFile.Read(path).ContainsKey("a"));
        byte[] good = Encoding.UTF8.GetBytes(content);
        MutationRun run = new("caption files", 1000, bad =>
        {
            File.WriteAllBytes(path, bad);
            Assert.All(CaptionFile.Read(path), entry => Assert.All(entry.Value, Assert.NotNull));
        })
        {
            IsRefusal = e => e is InvalidCaptionFileException && e.Message.Contains(path, StringComparison.Ordinal),
        };

        run.Execute(random => Mutation.Json(good, random));

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    [Fact]
    public void A_byte_order_mark_and_the_line_of_a_fault_are_told_apart()
    {
        string path = _folder.File("captions.jsonl");
        File.WriteAllText(path, "{\"id\":\"a\",\"captions\":[\"x\"]}\n", new UTF8Encoding(true));
        Assert.Equal(["x"], CaptionFile.Read(path)["a"]);
        File.AppendAllText(path, "{\"id\":\"b\",\"captions\":[3]}\n");
        Assert.Contains("line 2, 'captions[0]'", Assert.Throws<InvalidCaptionFileException>(() => CaptionFile.Read(path)).Message, StringComparison.Ordinal);
    }
}
