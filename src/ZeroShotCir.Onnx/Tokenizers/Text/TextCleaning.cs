namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>How a published program cleans a text before its tokenizer sees it.</summary>
internal enum TextCleaning
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Lower-cased.</summary>
    LowerCase,

    /// <summary>OpenCLIP's <c>whitespace</c>: repaired, character references unescaped, blanks collapsed.</summary>
    Whitespace,

    /// <summary>OpenCLIP's <c>lower</c>: as <see cref="Whitespace"/>, and lower-cased.</summary>
    Lower,

    /// <summary>OpenCLIP's <c>canonicalize</c>: as <see cref="Lower"/>, an underscore being a blank and other ASCII punctuation nothing.</summary>
    Canonicalize,
}
