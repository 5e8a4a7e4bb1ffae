using System.Globalization;
using System.Text;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Answers;

/// <summary>Damaged stores: the environment variable sets how many.</summary>
public sealed class AnswerStoreMutationTests : IDisposable
{
    private const string CountVariable = "ZEROSHOTCIR_MUTATIONS";
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "3000", CultureInfo.InvariantCulture);
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
        Random random = new(5);
        string damaged = _folder.File("damaged.jsonl");
        int refused = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] bytes = Mutate(whole, random);
            File.WriteAllBytes(damaged, bytes);
            refused += await OpensOrRefusesAsync(damaged, judge, query, bytes) ? 0 : 1;
        }

        Assert.InRange(refused, 1, Count - 1);
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

    private static async Task<bool> OpensOrRefusesAsync(string path, Judge judge, ComposedQuery query, byte[] bytes)
    {
        try
        {
            _ = CaptionFile.Read(path);
            using AnswerStore store = AnswerStore.Open(path);
            Assert.InRange(store.Count, 0, bytes.Length);
            Assert.InRange(await new StoredTargetVerifier(judge, store).VerifyAsync(query, Picture(2), TestContext.Current.CancellationToken), 0, 1);
            store.Arrange(["b", "a"], "blip");
            return true;
        }
        catch (Exception e) when (e is InvalidCaptionFileException or InvalidAnswerStoreException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"An untyped exception came from {Convert.ToBase64String(bytes)}", e);
        }
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Slice(0, random.Next(bytes.Count + 1)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static ImageData Picture(byte number) => new(new byte[] { 0xFF, 0xD8, 0xFF, number }, "image/jpeg");

    private sealed class Judge : ITargetVerifier
    {
        public string VerifierId => "judge";

        public ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default) => ValueTask.FromResult(0.7);
    }
}
