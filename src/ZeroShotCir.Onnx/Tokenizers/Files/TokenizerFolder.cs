using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Loads the tokenizer of a model folder.</summary>
public static class TokenizerFolder
{
    private const int ClipLength = 77;

    private static readonly (string Name, Func<byte[], TokenizerSettings, string, ITokenizer> Read)[] Others =
    [
        ("vocab.txt", BertVocabularyFile.Read),
        ("spiece.model", SentencePieceTokenizer.Read),
        ("tokenizer.model", SentencePieceTokenizer.Read),
    ];

    /// <summary>
    /// Loads the tokenizer that the files of a folder describe. <c>tokenizer.json</c> goes first; without it,
    /// <c>vocab.json</c> with <c>merges.txt</c> is OpenAI's and OpenCLIP's CLIP tokenizer, <c>vocab.txt</c> BERT's, and
    /// <c>spiece.model</c> or <c>tokenizer.model</c> SentencePiece's, used as SigLIP does where the folder says so.
    /// </summary>
    /// <param name="folder">The folder that holds the files.</param>
    /// <param name="maxLength">
    /// The longest sequence, where the model is known to take another than the folder says
    /// (<c>model_max_length</c> of <c>tokenizer_config.json</c>, positions of <c>config.json</c>, whichever is less).
    /// </param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is less than 2.</exception>
    /// <exception cref="InvalidModelException">The folder holds no tokenizer, or one that cannot be read or is not supported.</exception>
    public static ITokenizer Load(string folder, int? maxLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (maxLength is { } length)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 2, nameof(maxLength));
        }

        return Load(folder, TokenizerUse.Default with { MaxLength = maxLength });
    }

    /// <summary>Loads the tokenizer of a folder for a program that uses it in its own way.</summary>
    internal static ITokenizer Load(string folder, TokenizerUse use)
    {
        string json = Path.Combine(folder, "tokenizer.json");
        string vocabulary = Path.Combine(folder, "vocab.json");
        string merges = Path.Combine(folder, "merges.txt");
        TokenizerSettings settings = TokenizerSettings.Read(folder, use);
        if (File.Exists(json))
        {
            return TokenizerFile.ReadJson(json, root => TokenizerJson.Read(root, settings, json));
        }

        if (File.Exists(vocabulary) && File.Exists(merges))
        {
            return LoadClip(vocabulary, merges, settings);
        }

        foreach ((string name, Func<byte[], TokenizerSettings, string, ITokenizer> read) in Others)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return TokenizerFile.Read(path, bytes => read(bytes, settings, path));
            }
        }

        throw new InvalidModelException(
            $"The folder '{folder}' holds no tokenizer. Looked for 'tokenizer.json', 'vocab.json' with 'merges.txt', " +
            $"{string.Join(" and ", Others.Select(other => $"'{other.Name}'"))}. Copy the tokenizer files of the model into it.");
    }

    private static ClipTokenizer LoadClip(string vocabularyPath, string mergesPath, TokenizerSettings settings)
    {
        Vocabulary vocabulary = TokenizerFile.ReadJson(vocabularyPath, BytePairFiles.ReadVocabulary);
        BytePairMerges merges = TokenizerFile.Read(mergesPath, bytes => BytePairFiles.ReadMerges(bytes, vocabulary));
        if (!vocabulary.TryGetId(ClipTokenizer.StartText, out int start) || !vocabulary.TryGetId(ClipTokenizer.EndText, out int end))
        {
            throw new InvalidModelException(
                $"The vocabulary '{vocabularyPath}' holds no '{ClipTokenizer.StartText}' and '{ClipTokenizer.EndText}', as a CLIP vocabulary does. "
                + "Other models need their 'tokenizer.json' beside it.");
        }

        AddedToken[] special = [new(ClipTokenizer.StartText, start), new(ClipTokenizer.EndText, end)];
        ClipTextStyle style = settings.Use.ClipStyle.IsProgram ? settings.Use.ClipStyle : ClipTextStyle.OpenAI;
        return new ClipTokenizer(vocabulary, merges, style, special, start, end, pad: 0, settings.MaxLength ?? ClipLength);
    }
}
