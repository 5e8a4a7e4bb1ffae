using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Identity;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Adds a folder's tokenizer to an identity: what its files say of what is read of them.</summary>
internal static class TokenizerFiles
{
    /// <summary>Fields of <c>tokenizer.json</c> that earlier calls leave behind and that are not obeyed.</summary>
    private static readonly string[] Ignored = ["version", "truncation", "padding"];

    /// <summary>Adds the files that <see cref="TokenizerFolder"/> takes, and the settings beside them.</summary>
    /// <exception cref="InvalidModelException">A file cannot be read.</exception>
    public static void AddTo(IdentityHash hash, string folder, TokenizerSettings settings)
    {
        string json = Path.Combine(folder, "tokenizer.json");
        string vocabulary = Path.Combine(folder, "vocab.json");
        string merges = Path.Combine(folder, "merges.txt");
        if (File.Exists(json))
        {
            hash.AddJson(json, Ignored);
        }
        else if (File.Exists(vocabulary) && File.Exists(merges))
        {
            hash.AddJson(vocabulary);
            hash.AddLines(merges, ignoredStart: "#version");
        }
        else if (File.Exists(Path.Combine(folder, "vocab.txt")))
        {
            hash.AddLines(Path.Combine(folder, "vocab.txt"));
        }
        else if (((string[])["spiece.model", "tokenizer.model"]).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } pieces)
        {
            hash.AddFile(pieces);
        }

        AddSettings(hash, settings);
    }

    private static void AddSettings(IdentityHash hash, TokenizerSettings settings)
    {
        hash.Add("class", settings.ClassName);
        hash.Add("longest", settings.MaxLength);
        hash.Add("lower case", settings.LowerCase);
        hash.Add("end", settings.End);
        hash.Add("unknown", settings.Unknown);
        hash.Add("pad", settings.Pad);
        hash.Add("class token", settings.Class);
        hash.Add("separator", settings.Separator);
        hash.Add("adds start", settings.AddsStart);
        hash.Add("adds end", settings.AddsEnd);
        hash.Add("strips accents", settings.StripsAccents);
        hash.Add("separates ideographs", settings.SeparatesIdeographs);
        hash.Add("blanks separator", settings.Use.OpenClip?.BlanksSeparator);
        hash.Add("names tokenizer", settings.Use.OpenClip?.NamesTokenizer);
        foreach (AddedToken token in settings.AddedTokens)
        {
            hash.Add(token.Content, token.Id);
            hash.Add("special", token.Special);
            hash.Add("normalized", token.Normalized);
            hash.Add("single word", token.SingleWord);
            hash.Add("strips left", token.StripLeft);
            hash.Add("strips right", token.StripRight);
        }
    }
}
