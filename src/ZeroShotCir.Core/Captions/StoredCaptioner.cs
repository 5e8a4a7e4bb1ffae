using System.Collections.Concurrent;
using System.Globalization;
using ZeroShotCir.Answers;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Captions;

/// <summary>A captioner that never asks twice: captions belong to the content of an image and to who was asked how.</summary>
/// <remarks>Thread-safe, as <see cref="StoredAnswers{TQuestion}"/> is.</remarks>
public sealed class StoredCaptioner : IImageCaptioner
{
    private readonly IImageCaptioner _captioner;
    private readonly AnswerStore _store;
    private readonly ConcurrentDictionary<string, StoredAnswers<ImageData>> _answers = new(StringComparer.Ordinal);

    /// <summary>Puts a store before a captioner.</summary>
    /// <param name="captioner">Who is asked.</param>
    /// <param name="store">Where captions are kept; stays the caller's to dispose.</param>
    public StoredCaptioner(IImageCaptioner captioner, AnswerStore store)
    {
        ArgumentNullException.ThrowIfNull(captioner);
        ArgumentNullException.ThrowIfNull(store);
        _captioner = captioner;
        _store = store;
    }

    /// <inheritdoc/>
    public string CaptionerId => _captioner.CaptionerId;

    /// <summary>The name under which captions are stored: who was asked, and how.</summary>
    /// <param name="captioner">The captioner.</param>
    /// <param name="options">What it is asked for.</param>
    /// <returns>The <see cref="IImageCaptioner.CaptionerId"/>, followed by the options that differ from the defaults.</returns>
    public static string KeyOf(IImageCaptioner captioner, CaptionOptions? options)
    {
        ArgumentNullException.ThrowIfNull(captioner);
        options ??= new CaptionOptions();
        List<string> parts = [captioner.CaptionerId];
        AddIf(options.Count != 1, "count", options.Count);
        AddIf(options.MaxTokens is not null, "max_tokens", options.MaxTokens ?? 0);
        AddIf(options.Seed != 0, "seed", options.Seed);
        return string.Join(' ', parts);

        void AddIf(bool condition, string name, int value)
        {
            if (condition)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
            }
        }
    }

    /// <summary>The captions that are asked for in one way, for an <see cref="AnswerRunner{TQuestion}"/>.</summary>
    /// <param name="options">What is asked for; <see langword="null"/> asks for one caption.</param>
    /// <returns>The same object for the same options.</returns>
    public StoredAnswers<ImageData> Answers(CaptionOptions? options = null)
    {
        // What is kept under a key must go on asking what the key says, whatever becomes of the options.
        CaptionOptions? asked = options is null ? null : new CaptionOptions(options);
        return _answers.GetOrAdd(
            KeyOf(_captioner, asked),
            key => new StoredAnswers<ImageData>(_store, key, image => image.ComputeSha256(), (image, token) => _captioner.CaptionAsync(image, asked, token)));
    }

    /// <summary>Describes one image, whose id is where it came from or else its hash.</summary>
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Source is { Length: > 0 } source
            ? Answers(options).AskAsync(source, image, cancellationToken)
            : Answers(options).AskAsync(image, cancellationToken);
    }
}
