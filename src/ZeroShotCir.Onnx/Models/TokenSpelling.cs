using System.Text.Json;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>How a folder's <c>tokenizer_config.json</c> spells the tokens that mean something to a program.</summary>
internal sealed class TokenSpelling(string folder)
{
    private readonly JsonField? _tokens = ModelFiles.OpenIfThere(folder, "tokenizer_config.json");

    /// <summary>The spelling of a token: a text, or an object with the text as its content.</summary>
    /// <param name="name">What the token is for, such as <c>image_token</c>.</param>
    /// <param name="usual">How the family spells it where the file does not say.</param>
    /// <exception cref="InvalidModelException">The file gives it no characters.</exception>
    public string Of(string name, string usual)
    {
        JsonField? token = _tokens?[name].OrNull;
        string spelling = (token?.Kind == JsonValueKind.Object ? token["content"] : token)?.Text() ?? usual;
        return spelling.Length > 0 ? spelling : throw token!.Unexpected("a token of at least one character");
    }
}
