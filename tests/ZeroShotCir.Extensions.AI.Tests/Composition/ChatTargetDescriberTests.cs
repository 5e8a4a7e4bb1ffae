using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Chat;

namespace ZeroShotCir.Tests.Composition;

public sealed class ChatTargetDescriberTests
{
    private static readonly ImageData Reference = new(new byte[] { 0xFF, 0xD8, 0xFF, 1 }, "image/jpeg") { Source = "dress.jpg" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_model_gets_the_reference_as_it_is_there_and_the_request(bool hasImage, bool hasCaptions)
    {
        FakeChatRequest? asked = null;
        await using FakeChatServer server = new(request =>
        {
            asked = request;
            return FakeChatServer.Captions("a blue dress", "a dress");
        });
        ChatTargetDescriber describer = new(server.CreateClient(), Options());
        ComposedQuery query = new()
        {
            Text = "make it blue",
            Image = hasImage ? Reference : null,
            ReferenceCaptions = hasCaptions ? ["a red dress", " "] : null,
        };

        Assert.Equal(["a blue dress", "a dress"], await describer.DescribeAsync(query, 2, Token));
        Assert.Equal(hasImage ? [Reference.Data.ToArray()] : [], asked!.Images);
        Assert.Equal(hasCaptions, asked.Text.Contains("- a red dress", StringComparison.Ordinal));
        Assert.Contains("The request: make it blue", asked.Text, StringComparison.Ordinal);
        Assert.Contains(TargetPrompt.Default.Instruction, asked.Text, StringComparison.Ordinal);
        Assert.Contains("exactly 2 different strings", asked.Text, StringComparison.Ordinal);
        Assert.Equal(1, describer.Usage.Requests);
    }

    [Fact]
    public async Task A_query_that_no_model_could_answer_costs_nothing()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Captions("a"));
        ChatTargetDescriber describer = new(server.CreateClient(), Options());

        foreach (ComposedQuery query in new ComposedQuery[]
        {
            new() { Image = Reference },
            new() { Image = Reference, Text = "  " },
            new() { Text = "make it blue" },
            new() { Text = "make it blue", ReferenceCaptions = [""] },
        })
        {
            await Assert.ThrowsAsync<InvalidQueryException>(async () => await describer.DescribeAsync(query, 1, Token));
        }

        Assert.Equal(0, describer.Usage.Requests);
    }

    [Fact]
    public async Task Failures_are_those_of_captioning()
    {
        await using FakeChatServer refusing = new(_ => FakeChatServer.Answer("", refusal: "I cannot help with that."));
        await using FakeChatServer prose = new(_ => FakeChatServer.Answer("A blue dress."));
        await using FakeChatServer down = new(_ => FakeChatServer.Error(503));
        ComposedQuery query = new() { Image = Reference, Text = "make it blue" };

        await Assert.ThrowsAsync<ChatRefusedException>(async () => await new ChatTargetDescriber(refusing.CreateClient(), Options()).DescribeAsync(query, 1, Token));
        await Assert.ThrowsAsync<InvalidChatResponseException>(async () => await new ChatTargetDescriber(prose.CreateClient(), Options()).DescribeAsync(query, 1, Token));
        await Assert.ThrowsAsync<ChatUnavailableException>(async () => await new ChatTargetDescriber(down.CreateClient(), Options()).DescribeAsync(query, 1, Token));
    }

    [Fact]
    public async Task The_id_changes_with_whatever_changes_answers()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Captions("a"));
        string[] ids =
        [
            Id(Options()),
            Id(new ChatDescriberOptions(Options()) { Prompt = TargetPrompt.Default with { System = "Be brief." } }),
            Id(new ChatDescriberOptions(Options()) { Chat = new ChatSettings { Temperature = 0 } }),
            Id(new ChatDescriberOptions(Options()) { Chat = new ChatSettings { ModelId = "other" } }),
        ];

        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(ids[0], Id(new ChatDescriberOptions(Options()) { Chat = new ChatSettings { MaxRetries = 0 } }));

        string Id(ChatDescriberOptions options) => new ChatTargetDescriber(server.CreateClient(), options).DescriberId;
    }

    private static ChatDescriberOptions Options() => new() { Chat = FakeChatClient.Quick };
}
