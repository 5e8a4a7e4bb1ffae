using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>How the graphs of a family are laid out and used: one row of the table by which folders are opened.</summary>
internal sealed record ModelFamily(string Name, IReadOnlyList<string> ModelTypes)
{
    /// <summary>The name of the file in which unknown graphs are described.</summary>
    public const string CustomFile = "zeroshotcir.json";

    /// <summary>The architecture that the configuration names, where the model type does not tell captioners from encoders.</summary>
    public string? Architecture { get; init; }

    /// <summary>The folders in which graphs are looked for.</summary>
    public IReadOnlyList<string> Folders { get; init; } = ["onnx/", string.Empty];

    /// <summary>The graph of images, without suffix and extension.</summary>
    public string VisionGraph { get; init; } = "vision_model";

    /// <summary>The graph of texts.</summary>
    public string TextGraph { get; init; } = "text_model";

    /// <summary>What the graph of images is called where not as above.</summary>
    public string? OtherVisionGraph { get; init; }

    /// <summary>What the graph of texts is called where not as above.</summary>
    public string? OtherTextGraph { get; init; }

    /// <summary>The graph of both, which serves when the others are absent.</summary>
    public string? JointGraph { get; init; } = "model";

    /// <summary>The outputs that are image embeddings, best first; a graph's only output is one too.</summary>
    public IReadOnlyList<string> ImageOutputs { get; init; } = ["image_embeds", "l2norm_image_embeddings", "image_embeddings"];

    /// <summary>The outputs that are text embeddings, best first.</summary>
    public IReadOnlyList<string> TextOutputs { get; init; } = ["text_embeds", "l2norm_text_embeddings", "text_embeddings"];

    /// <summary>Whether any first output is the embedding.</summary>
    public bool TakesFirstOutput { get; init; }

    /// <summary>Whether the separate graphs write unit length.</summary>
    public bool SplitUnitLength { get; init; }

    /// <summary>Whether the joint graph writes unit length.</summary>
    public bool JointUnitLength { get; init; } = true;

    /// <summary>How many ids the text graph takes where the configuration does not say.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>Whether the configuration is not asked for the context length, because it counts positions that no text reaches.</summary>
    public bool IgnoresConfiguredLength { get; init; }

    /// <summary>Whether the family was trained on lower case.</summary>
    public bool ReadsLowerCase { get; init; }

    /// <summary>Whether texts are filled up to the context length, or encoded at their own length.</summary>
    public bool PadsToContext { get; init; } = true;

    /// <summary>The id that fills texts up where the tokenizer's own does not.</summary>
    public int? PadId { get; init; }

    /// <summary>Whether images and settings lie where immich and OpenCLIP exports keep them.</summary>
    public bool IsOpenClipLayout { get; init; }

    /// <summary>Whether the text graph reads what the vision graph makes of images, so that one embedding is of both.</summary>
    public bool ReadsBoth { get; init; }

    /// <summary>What the graphs of a captioner are called; alternatives, the preferred one first.</summary>
    public IReadOnlyList<CaptionerLayout> CaptionerLayouts { get; init; } = [];

    /// <summary>Whether a captioner's prompt is what its captions begin with.</summary>
    public bool BeginsWithPrompt { get; init; }

    /// <summary>Whether a captioner's decoder reads pictures, cut into tiles, among the words of a prompt, instead of looking at an encoder's states.</summary>
    public bool ReadsPrompt { get; init; }

    /// <summary>What the configuration calls the token that ends a caption.</summary>
    public string EndToken { get; init; } = "eos_token_id";

    /// <summary>
    /// Whether captions are searched for as <c>generation_config.json</c> says. The class of BLIP has a decoder with settings of its own and never
    /// reads the file.
    /// </summary>
    public bool ReadsGenerationFile { get; init; } = true;

    /// <summary>The tokens that begin and end a caption where the configuration leaves them out, as it does with what its class takes for granted.</summary>
    public (int Start, int End)? ImpliedTokens { get; init; }

    /// <summary>The published families.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        new("clip", ["clip"]),
        new("mobileclip", ["mobileclip"]) { PadId = 0 },
        new("metaclip_2", ["metaclip_2"]),
        new("altclip", ["altclip"]) { IgnoresConfiguredLength = true },
        new("chinese_clip", ["chinese_clip"]) { ContextLength = 512, PadsToContext = false },
        new("siglip", ["siglip", "siglip2"])
        {
            ContextLength = 64,
            ReadsLowerCase = true,
            ImageOutputs = ["image_embeds", "pooler_output"],
            TextOutputs = ["text_embeds", "pooler_output"],
        },
        new("jina_clip", ["jina_clip"])
        {
            ContextLength = 8192,
            PadsToContext = false,
            ImageOutputs = ["l2norm_image_embeddings", "image_embeddings", "image_embeds"],
            TextOutputs = ["l2norm_text_embeddings", "text_embeddings", "text_embeds"],
        },
        new("embedding_gemma2", ["embedding_gemma2"])
        {
            ContextLength = 8192,
            PadsToContext = false,
            VisionGraph = "vision_encoder",
            TextGraph = "model",
            JointGraph = null,
            ReadsBoth = true,
        },
        new("blip-captioning", ["blip"])
        {
            Architecture = "BlipForConditionalGeneration",
            JointGraph = null,
            BeginsWithPrompt = true,
            ReadsGenerationFile = false,
            EndToken = "sep_token_id",
            ImpliedTokens = (30522, 102),
            CaptionerLayouts = CaptionerLayout.Combine(
                ["encoder_model", "vision_model", "vision_encoder", "blip_vision_encoder"],
                [.. Decoders, .. new[] { "text_decoder_model", "text_decoder", "blip_text_decoder" }.Select(name => (name, name))]),
        },
        new("blip", ["blip"]) { ContextLength = 512, PadsToContext = false },
        OpenClip,
        new("vision-encoder-decoder", ["vision-encoder-decoder"])
        {
            JointGraph = null,
            CaptionerLayouts = CaptionerLayout.Combine(["encoder_model"], Decoders),
        },
        new("florence2", ["florence2"])
        {
            JointGraph = null,
            CaptionerLayouts =
            [
                new CaptionerLayout("vision_encoder", "decoder_model_merged", "decoder_model_merged")
                {
                    TokenEmbedding = "embed_tokens",
                    Instruction = "encoder_model",
                },
            ],
        },
        new("idefics3", ["idefics3", "smolvlm"])
        {
            JointGraph = null,
            ReadsPrompt = true,
            CaptionerLayouts = [new CaptionerLayout("vision_encoder", "decoder_model_merged", "decoder_model_merged") { TokenEmbedding = "embed_tokens" }],
        },
    ];

    private static IReadOnlyList<(string FirstStep, string NextSteps)> Decoders =>
        [("decoder_model_merged", "decoder_model_merged"), ("decoder_model", "decoder_with_past_model"), ("decoder_model", "decoder_model")];

    /// <summary>OpenCLIP as immich exports it. Its configuration names no model type.</summary>
    public static ModelFamily OpenClip => new("open_clip", ["open_clip"])
    {
        Folders = [string.Empty],
        VisionGraph = "visual/model",
        TextGraph = "textual/model",
        OtherVisionGraph = "visual",
        OtherTextGraph = "textual",
        JointGraph = null,
        TakesFirstOutput = true,
        SplitUnitLength = true,
        IsOpenClipLayout = true,
    };

    /// <summary>The graphs that make a whole model; alternatives, the preferred one first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> WholeModels
        => IsCaptioner ? [.. CaptionerLayouts.Select(layout => layout.Names)] : JointGraph is null ? [[VisionGraph, TextGraph]] : [[VisionGraph, TextGraph], [JointGraph]];

    /// <summary>Whether the family writes captions instead of embeddings.</summary>
    public bool IsCaptioner => CaptionerLayouts.Count > 0;

    /// <summary>Finds the family of a configuration.</summary>
    /// <exception cref="InvalidModelException">The configuration is of no known family.</exception>
    public static ModelFamily For(ModelConfig config)
    {
        if (config.IsOpenClip)
        {
            return OpenClip;
        }

        return All.FirstOrDefault(family => family.ModelTypes.Contains(config.ModelType) && (family.Architecture is null || family.Architecture == config.Architecture))
            ?? throw new InvalidModelException(
                (config.ModelType is { } type
                    ? $"'{config.Path}' names the model type '{type}', which is not supported."
                    : $"'{config.Path}' names no model type ('model_type'), nor is it OpenCLIP's ('embed_dim' with 'vision_cfg').")
                + $" Supported: {string.Join(", ", All.SelectMany(family => family.ModelTypes).Distinct())}. Other graphs can be described in a file '{CustomFile}'.");
    }
}
