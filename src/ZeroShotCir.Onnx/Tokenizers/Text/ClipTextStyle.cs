namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// The ways in which CLIP's reference tokenizers clean a text and spell the tokens that begin and end it; they differ on
/// few texts, but on those the ids differ.
/// </summary>
/// <param name="Start">The spelling of the start token.</param>
/// <param name="End">The spelling of the end token.</param>
/// <param name="Cleaning">How texts are cleaned before all else.</param>
/// <param name="IsProgram">Whether the rest is the programs' way, not that of <c>tokenizer.json</c>: special tokens are found in the cleaned text, and texts padded with 0.</param>
internal sealed record ClipTextStyle(string Start, string End, TextCleaning Cleaning, bool IsProgram)
{
    /// <summary>That of <c>tokenizer.json</c>: composed (NFC) and lower-cased, added tokens found as the file says.</summary>
    public static ClipTextStyle HuggingFace { get; } = new("<|startoftext|>", "<|endoftext|>", TextCleaning.None, false);

    /// <summary>OpenAI's program.</summary>
    public static ClipTextStyle OpenAI { get; } = new("<|startoftext|>", "<|endoftext|>", TextCleaning.Lower, true);

    /// <summary>OpenCLIP's program: OpenAI's with other spellings.</summary>
    public static ClipTextStyle OpenClip { get; } = new("<start_of_text>", "<end_of_text>", TextCleaning.Lower, true);
}
