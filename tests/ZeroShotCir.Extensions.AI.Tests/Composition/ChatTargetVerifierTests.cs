using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Chat;

namespace ZeroShotCir.Tests.Composition;

public sealed class ChatTargetVerifierTests
{
    private static readonly ComposedQuery Query = new() { Image = Picture(9), Text = "make it blue" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_best_fit_comes_first_and_among_equals_retrieval_decides()
    {
        int[] fits = [3, 7, 3, 10, 0, 7];
        await using FakeChatServer server = new(request =>
        {
            Assert.Equal(2, request.Images.Count);
            Assert.Equal(Query.Image!.Data.ToArray(), request.Images[0]);
            return FakeChatServer.Fit($"{fits[request.Images[1][3]]}");
        });
        ChatTargetVerifier verifier = new(server.CreateClient(), Options());

        IReadOnlyList<RerankedCandidate> ranking = await verifier.RerankAsync(Query, [.. Enumerable.Range(0, fits.Length).Select(Picture)], Token);

        Assert.Equal([3, 1, 5, 0, 2, 4], ranking.Select(place => place.Position));
        Assert.Equal([1, 0.7, 0.7, 0.3, 0.3, 0], ranking.Select(place => place.Fit));
        Assert.Equal(6, verifier.Usage.Requests);
    }

    [Theory]
    [InlineData("11", "no whole number from 0 to 10")]
    [InlineData("-1", "no whole number from 0 to 10")]
    [InlineData("7.5", "no whole number from 0 to 10")]
    [InlineData("\"7\"", "no JSON")]
    public async Task Anything_but_a_number_from_0_to_10_is_asked_again_and_then_refused(string answer, string complaint)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Fit(answer));
        ChatTargetVerifier verifier = new(server.CreateClient(), Options());

        InvalidChatResponseException e = await Assert.ThrowsAsync<InvalidChatResponseException>(async () => await verifier.VerifyAsync(Query, Picture(1), Token));

        Assert.Contains(complaint, e.Message, StringComparison.Ordinal);
        Assert.Equal(3, verifier.Usage.Requests);
    }

    private static ImageData Picture(int number) => new(new byte[] { 0xFF, 0xD8, 0xFF, (byte)number }, "image/jpeg");

    private static ChatVerifierOptions Options() => new() { Chat = FakeChatClient.Quick };
}
