namespace ZeroShotCir.Captions;

/// <summary>What became of asking a captioner about an image: captions, or an error.</summary>
/// <param name="Id">The id of the image.</param>
/// <param name="ImageSha256">The SHA-256 of the image's encoded bytes, in lower-case hexadecimal; <see cref="CaptionStore.HashOf"/>.</param>
/// <param name="Captioner">Who was asked, and how: the <see cref="IImageCaptioner.CaptionerId"/> and what options add to it.</param>
/// <param name="Captions">The captions; empty where it failed.</param>
/// <param name="Error">Why it failed; <see langword="null"/> where it did not.</param>
public sealed record CaptionRecord(string Id, string ImageSha256, string Captioner, IReadOnlyList<string> Captions, string? Error = null);
