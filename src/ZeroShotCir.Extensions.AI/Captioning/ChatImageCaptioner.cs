using Microsoft.Extensions.AI;
using ZeroShotCir.Captions;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Captioning;

/// <summary>Describes images by any multimodal chat model behind <see cref="IChatClient"/>.</summary>
/// <remarks>
/// Serves concurrent callers; at most <see cref="ChatSettings.MaxConcurrency"/> requests are under way at once. The client stays
/// the caller's to dispose.
/// </remarks>
public sealed class ChatImageCaptioner : IImageCaptioner
{
    private readonly ChatCaptionerOptions _options;
    private readonly ChatCaller _caller;

    /// <summary>Wraps a chat client.</summary>
    /// <param name="client">The client of a model that reads images; its own retries turned off.</param>
    /// <param name="options">How it is asked; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">Neither the client nor <see cref="ChatSettings.ModelId"/> names the model.</exception>
    public ChatImageCaptioner(IChatClient client, ChatCaptionerOptions? options = null)
    {
        _options = options is null ? new ChatCaptionerOptions() : new ChatCaptionerOptions(options);
        _caller = new ChatCaller(client, _options.Chat);
        CaptionerId = _caller.Identify(_options.Prompt.System, _options.Prompt.Instruction);
    }

    /// <summary>The model, and a hash of the prompt, the size of the image and the temperature: <c>chat:MODEL#HASH</c>.</summary>
    public string CaptionerId { get; }

    /// <summary>What was spent so far.</summary>
    public ChatUsage Usage => _caller.Usage;

    /// <summary>Describes one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">
    /// What is asked for; <see langword="null"/> asks for one caption. The seed is sent only if it is not 0: not every server knows seeds.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The captions; as many as asked for unless the model did not write so many different ones, however often it was asked.</returns>
    /// <exception cref="InvalidImageException">The image cannot be decoded or was refused.</exception>
    /// <exception cref="ChatUnavailableException">The service did not answer.</exception>
    /// <exception cref="InvalidChatResponseException">No answer held captions.</exception>
    public async ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = options is null ? new CaptionOptions() : new CaptionOptions(options);
        // Decoding and scaling pictures is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        AnswerForm<IReadOnlyList<string>> form = CaptionForm.Create(options.Count, _options.MaxCaptionLength);
        ChatMessage[] question =
        [
            new(ChatRole.System, _options.Prompt.System),
            new(ChatRole.User,
            [
                new TextContent($"{_options.Prompt.Instruction}\n\nAnswer with {form.Description}."),
                _caller.Show(image),
            ]),
        ];
        try
        {
            return await _caller.AskAsync(question, form, chat => Adjust(chat, options), cancellationToken).ConfigureAwait(false);
        }
        catch (ChatRefusedException e)
        {
            throw new InvalidImageException($"{(image.Source is { } source ? $"'{source}'" : "The image")} was refused. {e.Message}", e);
        }
    }

    private static void Adjust(ChatOptions chat, CaptionOptions options)
    {
        if (options.MaxTokens is { } perCaption)
        {
            // Brackets, quotes and commas take a few tokens of their own.
            const int Punctuation = 8;
            chat.MaxOutputTokens = ((perCaption + Punctuation) * options.Count) + Punctuation;
        }

        if (options.Seed != 0)
        {
            chat.Seed = options.Seed;
        }
    }
}
