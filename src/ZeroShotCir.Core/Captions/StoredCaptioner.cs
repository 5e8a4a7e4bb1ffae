using System.Globalization;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Captions;

/// <summary>A captioner that never asks twice: answers come from a <see cref="CaptionStore"/> where it has them, and go there where not.</summary>
/// <remarks>
/// Thread-safe. Callers that ask about the same image at the same time wait for one answer. Failures are recorded in the store and passed
/// on; asking again tries again.
/// </remarks>
public sealed class StoredCaptioner : IImageCaptioner
{
    private readonly IImageCaptioner _captioner;
    private readonly StoredAnswers _answers;

    /// <summary>Puts a store before a captioner.</summary>
    /// <param name="captioner">Who is asked.</param>
    /// <param name="store">Where answers are kept; stays the caller's to dispose.</param>
    public StoredCaptioner(IImageCaptioner captioner, CaptionStore store)
    {
        ArgumentNullException.ThrowIfNull(captioner);
        ArgumentNullException.ThrowIfNull(store);
        _captioner = captioner;
        Store = store;
        _answers = new StoredAnswers(store);
    }

    /// <inheritdoc/>
    public string CaptionerId => _captioner.CaptionerId;

    /// <summary>Where answers are kept.</summary>
    public CaptionStore Store { get; }

    /// <summary>How often the captioner was asked and answered.</summary>
    public int Captioned => _answers.Asked;

    /// <summary>How often the store had the answer.</summary>
    public int Reused => _answers.Reused;

    /// <summary>The name under which answers are stored: who was asked, and how.</summary>
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

    /// <summary>Describes one image, whose id is where it came from or else its hash.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">What is asked for; <see langword="null"/> asks for one caption.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The captions.</returns>
    public ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return CaptionAsync(image.Source ?? CaptionStore.HashOf(image), image, options, cancellationToken);
    }

    /// <summary>Describes one image.</summary>
    /// <param name="id">The id under which the answer is stored, beside the image's hash.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">What is asked for; <see langword="null"/> asks for one caption.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The captions.</returns>
    /// <exception cref="ZeroShotCirException">The captioner failed; the failure is in the store.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="CaptionStore.Add"/> says; ask no more.</exception>
    public ValueTask<IReadOnlyList<string>> CaptionAsync(
        string id, ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(image);
        return _answers.GetAsync(
            id, CaptionStore.HashOf(image), KeyOf(_captioner, options), token => _captioner.CaptionAsync(image, options, token), cancellationToken);
    }
}
