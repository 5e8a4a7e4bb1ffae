using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Answers;

/// <summary>Stores that version 0.1 wrote: what was paid for then is not asked for again.</summary>
public sealed class EarlierStoreTests : IDisposable
{
    // "picture" and "found" are the bytes of the images.
    private const string Lines = """
        {"id":"photos/a.jpg","captions":["a red dress","ein \u0022Kleid\u0022 f\u00FCr \u00C4lla"]
        """ + """
        ,"image":"2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97","captioner":"chat:gpt-4o#1f0c9a7be2d4 count=2"}
        {"id":"photos/b.jpg","captions":[],"image":"b","captioner":"chat:gpt-4o#1f0c9a7be2d4 count=2","error":"refused"}
        {"id":"q7","captions":["a blue dress"],"image":"01e6178d1d9350ac021d6fbe0385ca0e5df7023d025ff0c0c241cd2f29620dad","captioner":"chat:gpt-4o#77aa"}
        {"id":"59ebd09ca5620ce36fd64bfb4f15a71c8bb9e929455f2bc6e43d997f3f0ba915","captions":["0.3333333333333333"]
        """ + """
        ,"image":"59ebd09ca5620ce36fd64bfb4f15a71c8bb9e929455f2bc6e43d997f3f0ba915","captioner":"chat:gpt-4o#55bb"}

        """;

    private static readonly ImageData Picture = ImageData.FromBytes("picture"u8.ToArray());
    private static readonly ImageData Found = ImageData.FromBytes("found"u8.ToArray());
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Their_captions_descriptions_and_verdicts_are_found_and_their_bytes_stay()
    {
        string path = _folder.Write(Lines, "answers.jsonl");
        byte[] before = File.ReadAllBytes(path);
        ComposedQuery query = new() { Text = "make it blue", Image = Picture, ReferenceCaptions = ["a dress"] };
        using (AnswerStore store = AnswerStore.Open(path))
        {
            StoredAnswers<ImageData> captions = new StoredCaptioner(new Nobody("chat:gpt-4o#1f0c9a7be2d4"), store).Answers(new CaptionOptions { Count = 2 });
            Assert.Equal(["a red dress", "ein \"Kleid\" für Älla"], await captions.AskAsync("photos/a.jpg", Picture, Token));
            Assert.Equal(["a blue dress"], await new StoredTargetDescriber(new Nobody("chat:gpt-4o#77aa"), store).Answers().AskAsync("q7", query, Token));
            Assert.Equal(1d / 3, await new StoredTargetVerifier(new Nobody("chat:gpt-4o#55bb"), store).VerifyAsync(query, Found, Token));
            Assert.Equal("refused", Assert.Single(store.Failures).Error);
            store.Arrange(["q7"], "chat:gpt-4o#77aa");
            store.Arrange([store.TextsOf("chat:gpt-4o#55bb").Keys.Single()], "chat:gpt-4o#55bb");
        }

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void New_lines_are_written_as_they_were()
    {
        string path = _folder.File("answers.jsonl");
        using (AnswerStore store = AnswerStore.Open(path))
        {
            store.Add(new AnswerRecord("photos/a.jpg", Picture.ComputeSha256(), "chat:gpt-4o#1f0c9a7be2d4 count=2", ["a red dress", "ein \"Kleid\" für Älla"]));
            store.Add(new AnswerRecord("photos/b.jpg", "b", "chat:gpt-4o#1f0c9a7be2d4 count=2", [], "refused"));
        }

        Assert.Equal(Lines.Split('\n')[..2], File.ReadAllLines(path));
    }

    /// <summary>Has a name, and must not be asked.</summary>
    private sealed class Nobody(string id) : IImageCaptioner, ITargetDescriber, ITargetVerifier
    {
        public string CaptionerId => id;

        public string DescriberId => id;

        public string VerifierId => id;

        public ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
            => throw new InvalidOperationException("It was asked.");

        public ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
            => throw new InvalidOperationException("It was asked.");

        public ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
            => throw new InvalidOperationException("It was asked.");
    }
}
