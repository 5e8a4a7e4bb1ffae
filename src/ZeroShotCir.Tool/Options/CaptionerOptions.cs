using System.CommandLine;
using Microsoft.Extensions.AI;
using ZeroShotCir.Captions;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Onnx.Captioning;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say who writes captions and what is asked for.</summary>
internal sealed class CaptionerOptions
{
    private const string OnnxPrefix = "onnx:";
    private readonly Option<string?> _captioner;
    private readonly Option<int> _count = ToolOptions.Count("--count", 3, "How many captions of each picture.");
    private readonly Option<int> _seed = new("--seed") { Description = "Makes sampling repeatable where the captioner samples.", HelpName = "N" };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "The longest caption in new tokens; without it, the captioner's own limit.", HelpName = "N" };
    private readonly Option<int?> _beams = new("--beams")
    {
        Description = "How many sequences an ONNX captioner follows at once; without it, as many as its generation_config.json says, 1 where that says nothing.",
        HelpName = "N",
    };

    private readonly Option<string?> _prompt = new("--prompt")
    {
        Description = "Words that an ONNX captioner begins with (BLIP) or obeys (SmolVLM: a question; Florence-2: the same, or a task such as <DETAILED_CAPTION>).",
        HelpName = "TEXT",
    };

    private readonly Option<bool?> _tiles = new("--tiles")
    {
        Description = "Whether SmolVLM and Idefics3 see details in tiles beside the whole picture, which takes many times longer; without it, as the folder says.",
        HelpName = "true|false",
    };

    private readonly PictureOptions _pictures;
    private readonly ChatModelOptions _chat;

    public CaptionerOptions(Command command, bool isRequired, PictureOptions pictures)
    {
        _pictures = pictures;
        _captioner = new Option<string?>("--captioner")
        {
            Description = "Who writes captions: the folder of an ONNX captioner, or a chat model that reads pictures.",
            HelpName = $"{OnnxPrefix}DIR|{ChatModelOptions.Prefix}MODEL",
            Required = isRequired,
        };
        _captioner.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && ModelOf(given, OnnxPrefix) is null && ModelOf(given, ChatModelOptions.Prefix) is null)
            {
                result.AddError($"--captioner is '{given}', expected {OnnxPrefix}DIR or {ChatModelOptions.Prefix}MODEL.");
            }
        });
        _maxTokens.Validators.Add(result => ToolOptions.Check<int>(result, _maxTokens, value => value >= 1, "a whole number of at least 1"));
        _beams.Validators.Add(result => ToolOptions.Check<int>(result, _beams, value => value is >= 1 and <= 64, "a whole number from 1 to 64"));
        command.Add(_captioner);
        command.Add(_count);
        command.Add(_seed);
        command.Add(_maxTokens);
        command.Add(_beams);
        command.Add(_prompt);
        command.Add(_tiles);
        _chat = new ChatModelOptions(command);
    }

    /// <summary>What every picture is asked for.</summary>
    public CaptionOptions Asked(ParseResult arguments)
        => new() { Count = arguments.GetValue(_count), Seed = arguments.GetValue(_seed), MaxTokens = arguments.GetValue(_maxTokens) };

    /// <summary>The captioner that was chosen; <see langword="null"/> if none was.</summary>
    /// <exception cref="BadUsageException">Options were given that the captioner does not have.</exception>
    public ChosenCaptioner? Open(ParseResult arguments)
    {
        if (arguments.GetValue(_captioner) is not { } spec)
        {
            return (FirstGiven(arguments, _count, _seed, _maxTokens, _beams, _prompt, _tiles) ?? _chat.FirstGiven(arguments)) is { } name
                ? throw new BadUsageException($"{name} is for captioners; --captioner names none.")
                : null;
        }

        if (ModelOf(spec, ChatModelOptions.Prefix) is { } model)
        {
            if (FirstGiven(arguments, _beams, _prompt, _tiles) is { } stray)
            {
                throw new BadUsageException($"{stray} is for ONNX captioners; '{spec}' is a chat model.");
            }

            (IChatClient client, ChatSettings settings) = _chat.Connect(arguments, model, _pictures.Read(arguments), _pictures.Decoder(arguments));
            ChatImageCaptioner captioner = new(client, new ChatCaptionerOptions { Chat = settings });
            return new ChosenCaptioner(captioner, _chat.Concurrency(arguments), _pictures.Limits(arguments).MaxBytes, () => captioner.Usage, client);
        }

        if (_chat.FirstGiven(arguments) is { } option)
        {
            throw new BadUsageException($"{option} is for chat models; '{spec}' runs here.");
        }

        OnnxCaptionerOptions options = new()
        {
            Prompt = arguments.GetValue(_prompt),
            Beams = arguments.GetValue(_beams),
            Tiles = arguments.GetValue(_tiles),
            DecodeOptions = _pictures.Read(arguments),
            ResizeOrder = _pictures.ResizeOrder(arguments),
        };

        OnnxImageCaptioner onnx = OnnxImageCaptioner.Open(ModelOf(spec, OnnxPrefix)!, _pictures.Decoder(arguments), options);
        return new ChosenCaptioner(onnx, Environment.ProcessorCount, _pictures.Limits(arguments).MaxBytes, () => default, onnx);
    }

    private static string? FirstGiven(ParseResult arguments, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (arguments.GetResult(option) is { Implicit: false })
            {
                return option.Name;
            }
        }

        return null;
    }

    private static string? ModelOf(string spec, string prefix)
        => spec.StartsWith(prefix, StringComparison.Ordinal) && spec.Length > prefix.Length ? spec[prefix.Length..] : null;
}
