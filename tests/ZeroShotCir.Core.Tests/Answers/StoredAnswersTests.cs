using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Answers;

public sealed class StoredAnswersTests : IDisposable
{
    private static readonly ImageData Dress = ImageData.FromBytes("dress"u8.ToArray(), "dress.jpg");
    private static readonly ImageData Shirt = ImageData.FromBytes("shirt"u8.ToArray(), "shirt.jpg");
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string StorePath => _folder.File("answers.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_description_belongs_to_text_image_captions_and_count()
    {
        Echo echo = new();
        using AnswerStore store = AnswerStore.Open(StorePath);
        StoredTargetDescriber describer = new(echo, store);
        ComposedQuery query = new() { Text = "make it blue", Image = Dress, ReferenceCaptions = ["a dress"] };
        ComposedQuery[] others =
        [
            query,
            query with { Text = "make it red" },
            query with { Image = Shirt },
            query with { Image = null },
            query with { ReferenceCaptions = ["a", "dress"] },
            query with { ReferenceCaptions = null },
            query with { ReferenceCaptions = [""] },
        ];
        for (int round = 0; round < 2; round++)
        {
            foreach (ComposedQuery other in others)
            {
                Assert.Equal([$"0 {other.Text}"], await describer.DescribeAsync(other, 1, Token));
            }

            Assert.Equal(2, (await describer.DescribeAsync(query, 2, Token)).Count);
        }

        Assert.Equal(8, echo.Asked);
        Assert.Equal((8, 8), (describer.Answers(1).Asked + describer.Answers(2).Asked, describer.Answers(1).Reused + describer.Answers(2).Reused));

        // What does not reach the model does not make another question.
        await describer.DescribeAsync(query with { Image = ImageData.FromBytes("dress"u8.ToArray(), "copy.jpg"), ExcludedIds = ["x"], Beta = 0.5 }, 1, Token);
        Assert.Equal(8, echo.Asked);
    }

    [Fact]
    public async Task Many_queries_are_described_in_order_and_never_twice()
    {
        string[] ids = [.. Enumerable.Range(0, 30).Select(i => $"fashioniq-dress-val/{i}")];
        Echo echo = new();
        for (int round = 0; round < 2; round++)
        {
            using AnswerStore store = AnswerStore.Open(StorePath);
            StoredTargetDescriber describer = new(echo, store);
            AnswerRunResult result = await new AnswerRunner<ComposedQuery>(describer.Answers(2)).RunAsync(
                ids, i => new ComposedQuery { Text = i == 7 ? " " : $"text {i}", Image = Dress }, null, Token);
            Assert.Equal(round == 0 ? (29, 0) : (0, 29), (result.Answered, result.Reused));
            FailedAnswer failure = Assert.Single(result.Failed);
            Assert.Equal((ids[7], typeof(InvalidQueryException)), (failure.Id, failure.Error.GetType()));
        }

        IReadOnlyDictionary<string, IReadOnlyList<string>> read = CaptionFile.Read(StorePath);
        Assert.Equal(ids.Where((_, i) => i != 7), read.Keys);
        Assert.Equal(["0 text 3", "1 text 3"], read[ids[3]]);
    }

    [Fact]
    public async Task A_verdict_belongs_to_query_and_image()
    {
        Echo echo = new();
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            await AskAsync(new StoredTargetVerifier(echo, store));
        }

        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            await AskAsync(new StoredTargetVerifier(echo, store));
        }

        Assert.Equal(3, echo.Asked);

        static async Task AskAsync(StoredTargetVerifier verifier)
        {
            ComposedQuery query = new() { Text = "0.25", Image = Dress };
            Assert.Equal(0.25, await verifier.VerifyAsync(query, Dress, Token));
            Assert.Equal(0.25, await verifier.VerifyAsync(query, Shirt, Token));
            Assert.Equal(1d / 3, await verifier.VerifyAsync(query with { Text = "0.3333333333333333" }, Shirt, Token));
        }
    }

    [Fact]
    public async Task A_stored_verdict_that_is_no_number_is_named()
    {
        using AnswerStore store = AnswerStore.Open(StorePath);
        Echo echo = new();
        ComposedQuery query = new() { Text = "0.5", Image = Dress };
        await new StoredTargetVerifier(echo, store).VerifyAsync(query, Shirt, Token);
        store.Dispose();
        File.WriteAllText(StorePath, File.ReadAllText(StorePath).Replace("0.5", "half", StringComparison.Ordinal));

        using AnswerStore spoilt = AnswerStore.Open(StorePath);
        InvalidAnswerStoreException e = await Assert.ThrowsAsync<InvalidAnswerStoreException>(
            async () => await new StoredTargetVerifier(echo, spoilt).VerifyAsync(query, Shirt, Token));
        Assert.Contains("\"half\"", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Describes by the text, and judges by the number in it.</summary>
    private sealed class Echo : ITargetDescriber, ITargetVerifier
    {
        private int _asked;

        public string DescriberId => "echo";

        public string VerifierId => "echo";

        public int Asked => _asked;

        public async ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (string.IsNullOrWhiteSpace(query.Text))
            {
                throw new InvalidQueryException("There is no text.");
            }

            Interlocked.Increment(ref _asked);
            return [.. Enumerable.Range(0, count).Select(i => $"{i} {query.Text}")];
        }

        public ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            return new(double.Parse(query.Text!, System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
