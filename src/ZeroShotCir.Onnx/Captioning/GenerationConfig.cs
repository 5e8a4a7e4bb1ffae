using System.Text.Json;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>What a captioner folder says about searching: the part of <c>generation_config.json</c> that is obeyed where the caller says nothing.</summary>
/// <remarks>
/// As in transformers: the file rules alone where it is there; otherwise the same names in <c>config.json</c> and in its decoder's section
/// do, except values that are the library's defaults, which old exporters wrote into every configuration.
/// </remarks>
internal sealed record GenerationConfig
{
    /// <summary>The new tokens of a caption where no limit is named anywhere.</summary>
    public const int DefaultNewTokens = 20;

    private const string FileName = "generation_config.json";

    /// <summary>The longest sequence, with the start token and a prompt.</summary>
    public int? MaxLength { get; private init; }

    /// <summary>The longest sequence, without them; rules over <see cref="MaxLength"/>.</summary>
    public int? MaxNewTokens { get; private init; }

    public int Beams { get; private init; } = 1;

    public BeamStop Stop { get; private init; } = BeamStop.NoneBetterAtThisLength;

    public double LengthPenalty { get; private init; } = 1;

    public int NoRepeatNgramSize { get; private init; }

    public int? ForcedFirst { get; private init; }

    public int? ForcedLast { get; private init; }

    /// <summary>Reads the settings of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The whole of <c>config.json</c>.</param>
    /// <param name="decoder">The section of its decoder.</param>
    /// <param name="family">Says whether the file beside it counts.</param>
    public static GenerationConfig Read(string folder, JsonElement config, JsonElement decoder, ModelFamily family)
    {
        string path = Path.Combine(folder, FileName);
        return family.ReadsGenerationFile && File.Exists(path)
            ? ModelFiles.ReadJson(path, file => Parse([file], path, writtenDefaults: false))
            : Parse([config, decoder], Path.Combine(folder, ModelConfig.FileName), writtenDefaults: true);
    }

    private static GenerationConfig Parse(JsonElement[] sections, string path, bool writtenDefaults)
    {
        int? maxLength = Integer("max_length", least: 1);
        return new GenerationConfig
        {
            MaxLength = writtenDefaults && maxLength == DefaultNewTokens ? null : maxLength,
            MaxNewTokens = Integer("max_new_tokens", least: 1),
            Beams = Integer("num_beams", least: 1) is { } beams
                ? beams <= OnnxCaptionerOptions.MostBeams ? beams : throw Unfit("num_beams", $"{beams}", $"at most {OnnxCaptionerOptions.MostBeams}")
                : 1,
            Stop = Find("early_stopping") switch
            {
                { ValueKind: JsonValueKind.True } => BeamStop.WhenEnough,
                { ValueKind: JsonValueKind.String } text when text.ValueEquals("never") => BeamStop.NoneBetterAtAnyLength,
                { ValueKind: JsonValueKind.False } or null => BeamStop.NoneBetterAtThisLength,
                { } other => throw Unfit("early_stopping", other.GetRawText(), "true, false or \"never\""),
            },
            LengthPenalty = Find("length_penalty") switch
            {
                { ValueKind: JsonValueKind.Number } number when double.IsFinite(number.GetDouble()) => number.GetDouble(),
                null => 1,
                { } other => throw Unfit("length_penalty", other.GetRawText(), "a finite number"),
            },
            NoRepeatNgramSize = Integer("no_repeat_ngram_size", least: 0) ?? 0,
            ForcedFirst = Integer("forced_bos_token_id", least: 0),
            ForcedLast = Integer("forced_eos_token_id", least: 0),
        };

        JsonElement? Find(string name)
        {
            foreach (JsonElement section in sections)
            {
                if (section.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                {
                    return value;
                }
            }

            return null;
        }

        int? Integer(string name, int least) => Find(name) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int value) && value >= least => value,
            null => null,
            { } other => throw Unfit(name, other.GetRawText(), $"a whole number of at least {least}"),
        };

        InvalidModelException Unfit(string name, string found, string expected) => new($"'{path}' has the {name} {found}; expected {expected}.");
    }
}
