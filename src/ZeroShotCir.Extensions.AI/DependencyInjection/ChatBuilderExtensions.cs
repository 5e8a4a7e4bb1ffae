using Microsoft.Extensions.AI;
using ZeroShotCir.Captions;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Retrieval;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what a chat model does for retrieval. Each of them uses the registered <see cref="IChatClient"/>, its own retries turned off.</summary>
public static class ChatBuilderExtensions
{
    /// <summary>Registers a <see cref="ChatImageCaptioner"/> as <see cref="IImageCaptioner"/>, a singleton.</summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="options">How the model is asked; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">A captioner is registered already.</exception>
    public static ZeroShotCirBuilder UseChatCaptioner(this ZeroShotCirBuilder builder, ChatCaptionerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ThrowIfTwice<IImageCaptioner>(builder, "UseChatCaptioner()", "ChatImageCaptioner");
        builder.Services.AddSingleton<IImageCaptioner>(services => new ChatImageCaptioner(services.GetRequiredService<IChatClient>(), options));
        return builder;
    }

    /// <summary>Registers a <see cref="ChatTargetDescriber"/> as <see cref="ITargetDescriber"/>, a singleton.</summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="options">How the model is asked; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">A describer is registered already.</exception>
    public static ZeroShotCirBuilder UseChatTargetDescriber(this ZeroShotCirBuilder builder, ChatDescriberOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ThrowIfTwice<ITargetDescriber>(builder, "UseChatTargetDescriber()", "ChatTargetDescriber");
        builder.Services.AddSingleton<ITargetDescriber>(services => new ChatTargetDescriber(services.GetRequiredService<IChatClient>(), options));
        return builder;
    }

    /// <summary>Registers a <see cref="ChatTargetVerifier"/> as <see cref="ITargetVerifier"/>, a singleton.</summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="options">How the model is asked; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">A verifier is registered already.</exception>
    public static ZeroShotCirBuilder UseChatTargetVerifier(this ZeroShotCirBuilder builder, ChatVerifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ThrowIfTwice<ITargetVerifier>(builder, "UseChatTargetVerifier()", "ChatTargetVerifier");
        builder.Services.AddSingleton<ITargetVerifier>(services => new ChatTargetVerifier(services.GetRequiredService<IChatClient>(), options));
        return builder;
    }

    private static void ThrowIfTwice<TService>(ZeroShotCirBuilder builder, string call, string implementation) => Registration.ThrowIfTwice<TService>(
        builder.Services,
        call,
        $"Leave one out, or register the other with a key: services.AddKeyedSingleton<{typeof(TService).Name}>(\"name\", (provider, _) => new {implementation}(…)).");
}
