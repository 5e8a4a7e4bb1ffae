namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>
/// The ways in which CLIP's reference tokenizers clean a text and spell the tokens that begin and end it; they differ on
/// few texts, but on those the ids differ.
/// </summary>
/// <param name="Start">The spelling of the start token.</param>
/// <param name="End">The spelling of the end token.</param>
/// <param name="Cleaning">How the program cleans texts; <see cref="TextCleaning.None"/> for what <c>tokenizer.json</c> says: composed (NFC) and lower-cased.</param>
internal sealed record ClipTextStyle(string Start, string End, TextCleaning Cleaning)
{
    /// <summary>That of <c>tokenizer.json</c>: added tokens are found as the file says.</summary>
    public static ClipTextStyle HuggingFace { get; } = new("<|startoftext|>", "<|endoftext|>", TextCleaning.None);

    /// <summary>OpenAI's program: special tokens are found in the cleaned text, so in any case. Padded with 0.</summary>
    public static ClipTextStyle OpenAI { get; } = new("<|startoftext|>", "<|endoftext|>", TextCleaning.Lower);

    /// <summary>OpenCLIP's program: OpenAI's with other spellings.</summary>
    public static ClipTextStyle OpenClip { get; } = new("<start_of_text>", "<end_of_text>", TextCleaning.Lower);

    /// <summary>Whether it is a program of its own, not a <c>tokenizer.json</c>.</summary>
    public bool IsProgram => Cleaning != TextCleaning.None;
}
