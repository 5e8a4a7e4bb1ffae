using System.Text;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Answers;

/// <summary>Damaged stores.</summary>
public sealed class AnswerStoreMutationTests : IDisposable
{
    private static readonly string[] Pieces =
        ["\"captions\":[]", "null", "[", "{", "}", "]", "\n", "\\ud800", "\"error\":\"x\"", "1e999", "NaN", "\uFEFF", ",", "\"\"", "0.5", "candidate", "\0", new string('[', 200)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Damage_is_named_and_never_anything_else()
    {
        Judge judge = new();
        ComposedQuery query = new() { Text = "red", Image = Picture(1) };
        string path = _folder.File("store.jsonl");
        using (AnswerStore store = AnswerStore.Open(path))
        {
            await new StoredTargetVerifier(judge, store).VerifyAsync(query, Picture(2), TestContext.Current.CancellationToken);
            store.Add(new AnswerRecord("a", "h", "blip", ["ein Kleid", "a \"dress\""]));
            store.Add(new AnswerRecord("b", "i", "blip", [], "refused"));
        }

        byte[] whole = File.ReadAllBytes(path);
        string damaged = _folder.File("damaged.jsonl");
        MutationRun run = new("answer stores", 3000, async bytes =>
        {
            File.WriteAllBytes(damaged, bytes);
            _ = CaptionFile.Read(damaged);
            using AnswerStore store = AnswerStore.Open(damaged);
            Assert.InRange(store.Count, 0, bytes.Length);
            Assert.InRange(await new StoredTargetVerifier(judge, store).VerifyAsync(query, Picture(2), TestContext.Current.CancellationToken), 0, 1);
            store.Arrange(["b", "a"], "blip");
        })
        {
            IsRefusal = e => e is InvalidCaptionFileException or InvalidAnswerStoreException,
        };

        await run.ExecuteAsync(random => Mutation.Text(whole, Pieces, random));

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        string path = _folder.File("bom.jsonl");
        File.WriteAllText(path, """{"id":"a","captions":["x"],"image":"h","captioner":"blip"}""" + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        using (AnswerStore store = AnswerStore.Open(path))
        {
            Assert.True(store.TryGet("h", "blip", out _));
            store.Add(new AnswerRecord("b", "i", "blip", ["y"]));
        }

        using AnswerStore again = AnswerStore.Open(path);
        Assert.Equal(2, again.Count);
    }

    private static ImageData Picture(byte number) => new(new byte[] { 0xFF, 0xD8, 0xFF, number }, "image/jpeg");

    private sealed class Judge : ITargetVerifier
    {
        public string VerifierId => "judge";

        public ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default) => ValueTask.FromResult(0.7);
    }
}
