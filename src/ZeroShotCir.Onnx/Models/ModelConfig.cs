using System.Text.Json;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Json;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Models;

/// <summary>What a model's <c>config.json</c> says that matters for encoding.</summary>
internal sealed record ModelConfig(string Path)
{
    public const string FileName = "config.json";
    private static readonly string[] SummingModels = ["BGE-VL", "MMRet"];

    /// <summary>OpenCLIP's configuration as its hub folders have it: model and preprocessing in one file.</summary>
    public const string OpenClipFileName = "open_clip_config.json";

    /// <summary>The family, in Hugging Face's words.</summary>
    public string? ModelType { get; private init; }

    /// <summary>The class that the weights were saved from, which tells what a model of several uses is for.</summary>
    public string? Architecture { get; private init; }

    /// <summary>Whether the model was trained to be asked by the sum of its towers' embeddings: BGE-VL, whose code on the hub is named MMRet.</summary>
    public bool SumsTowers { get; private init; }

    /// <summary>Whether it is OpenCLIP's own format.</summary>
    public bool IsOpenClip { get; private init; }

    /// <summary>What OpenCLIP's format says about texts; <see langword="null"/> for the others.</summary>
    public OpenClipText? OpenClip { get; private init; }

    /// <summary>The dimension of the space of images and texts.</summary>
    public int? Dimensions { get; private init; }

    /// <summary>How many ids the text graph takes.</summary>
    public int? ContextLength { get; private init; }

    /// <summary>Reads the configuration of a folder.</summary>
    /// <exception cref="InvalidModelException">It is missing, not JSON, or not an object.</exception>
    public static ModelConfig Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, FileName);
        string hub = System.IO.Path.Combine(folder, OpenClipFileName);
        if (!File.Exists(path) && File.Exists(hub))
        {
            return ModelFiles.ReadJson(hub, root => root.TryGetProperty("model_cfg", out JsonElement model) && model.ValueKind == JsonValueKind.Object
                ? Parse(hub, model)
                : throw new InvalidModelException($"'{hub}' has no object 'model_cfg', which describes the model."));
        }

        if (!File.Exists(path))
        {
            throw new InvalidModelException(
                $"The model folder '{folder}' has neither '{FileName}' nor '{ModelFamily.CustomFile}'. Found: {ModelFiles.List(folder)}. "
                + "Copy the configuration of the model into it, or describe its graphs in the latter.");
        }

        return ModelFiles.ReadJson(path, root => Parse(path, root));
    }

    private static ModelConfig Parse(string path, JsonElement root)
    {
        if (root.TryGetProperty("embed_dim", out _) && root.TryGetProperty("vision_cfg", out _))
        {
            return new ModelConfig(path)
            {
                IsOpenClip = true,
                Dimensions = Integer(root, "embed_dim"),
                OpenClip = ReadOpenClip(path, root),
                ContextLength = LengthOf(path, root, "text_cfg", "context_length"),
            };
        }

        return new ModelConfig(path)
        {
            ModelType = root.TryGetProperty("model_type", out JsonElement type) ? String(type) : null,
            Architecture = root.TryGetProperty("architectures", out JsonElement classes) && classes.ValueKind == JsonValueKind.Array && classes.GetArrayLength() > 0
                ? String(classes[0])
                : null,
            SumsTowers = NamesOf(root).Any(name => SummingModels.Any(model => name.Contains(model, StringComparison.OrdinalIgnoreCase))),
            Dimensions = Integer(root, "projection_dim"),
            ContextLength = LengthOf(path, root, "text_config", "max_position_embeddings"),
        };
    }

    /// <summary>The names that a configuration gives its model: the class, the code on the hub, where it was copied from.</summary>
    private static IEnumerable<string> NamesOf(JsonElement root)
    {
        JsonElement[] named =
        [
            .. root.Optional("_name_or_path") is { } path ? [path] : Array.Empty<JsonElement>(),
            .. root.Optional("architectures") is { ValueKind: JsonValueKind.Array } classes ? classes.EnumerateArray() : [],
            .. root.Optional("auto_map") is { ValueKind: JsonValueKind.Object } code ? code.EnumerateObject().Select(entry => entry.Value) : [],
        ];
        return named.Select(String).OfType<string>();
    }

    /// <summary>A number of positions, which is a table of the model: one beyond all sense is no "no limit", as it is in a tokenizer's settings.</summary>
    private static int? LengthOf(string path, JsonElement root, string section, string name)
    {
        const int Most = 1 << 24;
        if (root.Optional(section) is not { ValueKind: JsonValueKind.Object } text || text.Optional(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int length) && length is >= 1 and <= Most
            ? TokenizerSettings.Length(text, name)
            : throw new InvalidModelException(
                $"'{path}' has '{value}' as '{section}.{name}'; expected an integer between 1 and {Most}. "
                + "Copy the file again from where the model was published.");
    }

    private static OpenClipText ReadOpenClip(string path, JsonElement root)
    {
        try
        {
            return OpenClipText.Read(root);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw new InvalidModelException($"'{path}' cannot be used: {e.Message}", e);
        }
    }

    private static string? String(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private static int? Integer(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value > 0 ? value : null;
    }
}
