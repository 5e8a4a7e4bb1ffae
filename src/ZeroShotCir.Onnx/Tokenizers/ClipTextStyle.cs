namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>The two ways in which CLIP's reference tokenizers clean a text; they differ on few texts, but on those the ids differ.</summary>
internal enum ClipTextStyle
{
    /// <summary>
    /// OpenAI's and OpenCLIP's: character references unescaped twice, lower-cased, special tokens found in the cleaned
    /// text in any case. Padded with 0. (Their repair of wrongly decoded text by ftfy is not done: well-formed text is
    /// left alone by it, but for typographic quotes, ligatures and full-width letters.)
    /// </summary>
    OpenAI,

    /// <summary>That of <c>tokenizer.json</c>: composed (NFC), lower-cased; added tokens found as the file says.</summary>
    HuggingFace,
}
