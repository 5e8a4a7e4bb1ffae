using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Captions;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Chat;

namespace ZeroShotCir.Tests.DependencyInjection;

public sealed class ChatBuilderExtensionsTests
{
    [Fact]
    public void One_chat_client_captions_describes_and_verifies()
    {
        ServiceCollection services = new();
        services.AddSingleton(FakeChatClient.Create(new Uri("http://127.0.0.1:9/v1")));
        services.AddZeroShotCir().UseChatCaptioner().UseChatTargetDescriber().UseChatTargetVerifier();
        using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.IsType<ChatImageCaptioner>(provider.GetRequiredService<IImageCaptioner>());
        Assert.IsType<ChatTargetDescriber>(provider.GetRequiredService<ITargetDescriber>());
        Assert.IsType<ChatTargetVerifier>(provider.GetRequiredService<ITargetVerifier>());
        Assert.Same(provider.GetRequiredService<ITargetVerifier>(), provider.GetRequiredService<ITargetVerifier>());
    }

    [Fact]
    public void A_missing_chat_client_is_named()
    {
        ServiceCollection services = new();
        services.AddZeroShotCir().UseChatCaptioner();
        using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IImageCaptioner>);
        Assert.Contains(nameof(IChatClient), e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Calls => ["captioner", "describer", "verifier"];

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_second_one_is_refused_in_words(string call)
    {
        ServiceCollection services = new();
        services.AddZeroShotCir().UseChatCaptioner().UseChatTargetDescriber().UseChatTargetVerifier();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => call switch
        {
            "captioner" => services.AddZeroShotCir().UseChatCaptioner(),
            "describer" => services.AddZeroShotCir().UseChatTargetDescriber(),
            _ => services.AddZeroShotCir().UseChatTargetVerifier(),
        });

        Assert.Contains("registered already", e.Message, StringComparison.Ordinal);
        Assert.Contains("AddKeyedSingleton", e.Message, StringComparison.Ordinal);
    }
}
