using System.Text;
using System.Text.Json;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Templates;
using ZeroShotCir.Onnx.Tokenizers;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// The prompt of Idefics3 and SmolVLM: one turn of a user who shows a picture and asks about it. The place of the picture becomes as many
/// tokens as its tiles have vectors, with marks of rows and columns between them.
/// </summary>
/// <remarks>The rule is that of transformers' processors, whose chat template says the rest; a folder with another template is refused.</remarks>
internal sealed class ChatPrompt
{
    /// <summary>What is asked where the caller does not say.</summary>
    public const string Question = "Can you describe this image?";

    private const int MostTokens = 1 << 14;
    private const int MostTemplateBytes = 1 << 20;
    private readonly string _folder;
    private readonly ITokenizer _tokenizer;
    private readonly string _begin;
    private readonly string _image;
    private readonly string _fake;
    private readonly string _global;
    private readonly string _end;
    private readonly string _question;

    private ChatPrompt(string folder, ITokenizer tokenizer, string question)
    {
        TokenSpelling tokens = new(folder);
        _folder = folder;
        _tokenizer = tokenizer;
        _begin = tokens.Of("bos_token", "<|im_start|>");
        _image = tokens.Of("image_token", "<image>");
        _fake = tokens.Of("fake_image_token", "<fake_token_around_image>");
        _global = tokens.Of("global_image_token", "<global-img>");
        _end = tokens.Of("end_of_utterance_token", "<end_of_utterance>");
        _question = question;
        if (((string[])[_begin, _image, _fake, _global, _end, "<row_"]).FirstOrDefault(mark => question.Contains(mark, StringComparison.Ordinal)) is { } mark)
        {
            throw new ArgumentException($"The prompt holds '{mark}', which the captioner '{folder}' puts in itself. Ask in plain words.", nameof(question));
        }
    }

    /// <summary>The vectors of a tile, and so the places that it has in the prompt.</summary>
    public int TokensOfTile { get; private init; }

    /// <summary>The token that keeps a place.</summary>
    public int ImageId { get; private init; }

    /// <summary>Reads what a folder says about prompts.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="question">What is asked; <see langword="null"/> for <see cref="Question"/>.</param>
    /// <exception cref="InvalidModelException">A file is damaged, of another model, or asks for a prompt of another form.</exception>
    /// <exception cref="ArgumentException">The question holds what stands for pictures or turns.</exception>
    public static ChatPrompt Read(string folder, ITokenizer tokenizer, string? question)
    {
        JsonField config = ModelFiles.Open(Path.Combine(folder, ModelConfig.FileName));
        ChatPrompt prompt = new(folder, tokenizer, question ?? Question)
        {
            TokensOfTile = ModelFiles.OpenIfThere(folder, "processor_config.json")?["image_seq_len"].OrNull?.Int32(1, MostTokens) ?? OfVision(config),
            ImageId = config["image_token_id"].Int32(0, int.MaxValue),
        };
        prompt.CheckTokens();
        prompt.CheckTemplate();
        return prompt;
    }

    /// <summary>The ids of the prompt for a picture of so many rows and columns of tiles, 0 for one that is not cut.</summary>
    /// <exception cref="ArgumentException">They are more than the captioner reads, whatever the picture.</exception>
    /// <exception cref="InvalidModelException">They are more than the captioner reads for this picture, or the tokenizer reads them in another way.</exception>
    public int[] Encode(int rows, int columns)
    {
        int[] buffer = new int[_tokenizer.MaxLength];
        int length = _tokenizer.Encode(Spell(rows, columns), buffer, out bool truncated);
        int tiles = (rows * columns) + 1;
        if (truncated)
        {
            throw tiles == 1
                ? new ArgumentException(
                    $"The prompt with one tile of a picture has more than the {_tokenizer.MaxLength} tokens that the captioner '{_folder}' reads. "
                    + "Take a shorter prompt.", nameof(rows))
                : new InvalidModelException(
                    $"The prompt with a picture's {tiles} tiles has more than the {_tokenizer.MaxLength} tokens that the captioner '{_folder}' reads. "
                    + "Lower size.longest_edge in its preprocessor_config.json, or turn tiles off.");
        }

        int places = buffer.AsSpan(0, length).Count(ImageId);
        return places == tiles * TokensOfTile
            ? buffer[..length]
            : throw new InvalidModelException(
                $"The tokenizer of '{_folder}' makes {places} tokens {ImageId} of {tiles * TokensOfTile} times '{_image}'. "
                + "Use the tokenizer files and the config.json of one model.");
    }

    private static int OfVision(JsonField config)
    {
        JsonField vision = config["vision_config"].Object();
        int patches = vision["image_size"].Int32(1, 1 << 14) / vision["patch_size"].Int32(1, 1 << 14);
        int factor = config["scale_factor"].OrNull?.Int32(1, 1 << 10) ?? 2;
        int tokens = patches * patches / (factor * factor);
        return tokens is >= 1 and <= MostTokens
            ? tokens
            : throw config["scale_factor"].Unexpected($"a factor that leaves 1 to {MostTokens} of the {patches * patches} patches of a tile");
    }

    private string Turn(string picture) => $"{_begin}User:{picture}{_question}{_end}\nAssistant:";

    private string Spell(int rows, int columns)
    {
        string places = string.Concat(Enumerable.Repeat(_image, TokensOfTile));
        StringBuilder picture = new();
        for (int row = 1; row <= rows; row++)
        {
            for (int column = 1; column <= columns; column++)
            {
                picture.Append(_fake).Append($"<row_{row}_col_{column}>").Append(places);
            }

            picture.Append('\n');
        }

        picture.Append(rows > 0 ? "\n" : string.Empty).Append(_fake).Append(_global).Append(places).Append(_fake);
        return Turn(picture.ToString());
    }

    private void CheckTokens()
    {
        int[] ids = new int[_tokenizer.MaxLength];
        int around = _tokenizer.Encode(string.Empty, ids, out _);
        foreach (string mark in (string[])[_image, _fake, _global, _end])
        {
            if (_tokenizer.Encode(mark, ids, out _) != around + 1)
            {
                throw new InvalidModelException($"The tokenizer of '{_folder}' does not know '{mark}' as one token. Use the tokenizer files and the config.json of one model.");
            }
        }
    }

    private void CheckTemplate()
    {
        if (FindTemplate() is not { } found)
        {
            return;
        }

        string rendered;
        try
        {
            rendered = ChatTemplate.Render(found.Template, new Dictionary<string, object?>
            {
                ["messages"] = new List<object?>
                {
                    new Dictionary<string, object?>
                    {
                        ["role"] = "user",
                        ["content"] = new List<object?>
                        {
                            new Dictionary<string, object?> { ["type"] = "image" },
                            new Dictionary<string, object?> { ["type"] = "text", ["text"] = _question },
                        },
                    },
                },
                ["add_generation_prompt"] = true,
                ["bos_token"] = _begin,
                ["eos_token"] = _end,
            });
        }
        catch (TemplateFault e)
        {
            throw new InvalidModelException($"The chat template in '{found.File}' has {e.Message}. Only the prompt of this family is built in: {Shown(Turn(_image))}.", e);
        }

        if (rendered != Turn(_image))
        {
            throw new InvalidModelException(
                $"The chat template in '{found.File}' writes {Shown(rendered)}; the prompt of this family, which is built in, is {Shown(Turn(_image))}. "
                + "Use the template that was published with the model.");
        }
    }

    /// <summary>The template of a folder, from where transformers looks for it, in its order.</summary>
    private (string File, string Template)? FindTemplate()
    {
        string plain = Path.Combine(_folder, "chat_template.jinja");
        if (File.Exists(plain))
        {
            return new FileInfo(plain).Length <= MostTemplateBytes
                ? (plain, File.ReadAllText(plain))
                : throw new InvalidModelException($"The chat template '{plain}' has more than {MostTemplateBytes} bytes. Copy the file again from where the model was published.");
        }

        foreach (string file in (string[])["chat_template.json", "processor_config.json", "tokenizer_config.json"])
        {
            if (ModelFiles.OpenIfThere(_folder, file)?["chat_template"].OrNull is { } template)
            {
                // Several templates have names; the one for plain turns is called so.
                JsonField chosen = template.Kind != JsonValueKind.Array ? template
                    : template.Items().FirstOrDefault(item => item["name"].OrNull?.Text() == "default")?["template"] ?? throw template.Unexpected("a template named 'default'");
                return (Path.Combine(_folder, file), chosen.Text());
            }
        }

        return null;
    }

    private static string Shown(string text)
    {
        const int Most = 200;
        return $"'{(text.Length <= Most ? text : text[..Most] + "…").Replace("\n", "\\n", StringComparison.Ordinal)}'";
    }
}
