namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>Cuts a text into words.</summary>
/// <param name="text">The text; not empty.</param>
/// <param name="startsText">Whether the text is the beginning of what was to be encoded.</param>
internal delegate IEnumerable<string> WordSplitter(string text, bool startsText);
