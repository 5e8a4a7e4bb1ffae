using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Models;

/// <summary>The files of a family as its publishers lay them out, and how they are to be used. Values are those of the named model.</summary>
internal sealed record PublishedLayout(string Name)
{
    private static readonly RgbValues ClipMean = new(0.48145466f, 0.4578275f, 0.40821073f);
    private static readonly RgbValues ClipStd = new(0.26862954f, 0.26130258f, 0.27577711f);
    private const string ClipNormalisation = "\"image_mean\": [0.48145466, 0.4578275, 0.40821073], \"image_std\": [0.26862954, 0.26130258, 0.27577711]";

    public required string Config { get; init; }

    public required string Preprocessing { get; init; }

    public required string TokenizerConfig { get; init; }

    /// <summary>The reference tokenizer that stands for the published one.</summary>
    public required string Tokenizer { get; init; }

    public string TokenizerKind => Tokenizer switch { "clip" => "CLIP", "bert" => "WordPiece", "gemma" => "BPE", _ => "Unigram" };

    public string TokenizerFile { get; init; } = "tokenizer.json";

    public string ImageOutput { get; init; } = "image_embeds";

    public string TextOutput { get; init; } = "text_embeds";

    public string? Mask { get; init; }

    public bool IsJoint { get; init; }

    public required string Family { get; init; }

    public required int Dimensions { get; init; }

    public required int Edge { get; init; }

    public required ResizeMode Resize { get; init; }

    public required ResampleFilter Filter { get; init; }

    public RgbValues Mean { get; init; } = ClipMean;

    public RgbValues Std { get; init; } = ClipStd;

    /// <summary>Whether texts are lower-cased although the tokenizer keeps capitals.</summary>
    public bool ReadsLowerCase { get; init; }

    /// <summary>To what length texts are filled up; <see langword="null"/> to leave them at their own.</summary>
    public int? PaddedLength { get; init; }

    public int PadId { get; init; }

    public static IReadOnlyList<PublishedLayout> All { get; } =
    [
        new("metaclip-b32-400m")
        {
            Config = """
                {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": 512,
                 "text_config": {"model_type": "clip_text_model", "max_position_embeddings": 77}}
                """,
            Preprocessing = $$$"""
                {"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true, "feature_extractor_type": "CLIPFeatureExtractor",
                 {{{ClipNormalisation}}}, "resample": 3, "size": 224}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "bos_token": {"content": "<|startoftext|>"},
                 "eos_token": {"content": "<|endoftext|>"}, "pad_token": "<|endoftext|>", "unk_token": {"content": "<|endoftext|>"}}
                """,
            Tokenizer = "clip",
            Family = "clip",
            Dimensions = 512,
            Edge = 224,
            Resize = ResizeMode.ShortestEdge,
            Filter = ResampleFilter.Bicubic,
            PaddedLength = 77,
            PadId = 560,
        },
        new("mobileclip_s0")
        {
            Config = """{"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": 512}""",
            Preprocessing = """
                {"crop_size": {"height": 256, "width": 256}, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": false, "do_rescale": true,
                 "do_resize": true, "image_processor_type": "CLIPImageProcessor", "resample": 2, "rescale_factor": 0.00392156862745098,
                 "size": {"shortest_edge": 256}}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "!",
                 "unk_token": "<|endoftext|>"}
                """,
            Tokenizer = "clip",
            Family = "clip",
            Dimensions = 512,
            Edge = 256,
            Resize = ResizeMode.ShortestEdge,
            Filter = ResampleFilter.Bilinear,
            Mean = new RgbValues(0, 0, 0),
            Std = new RgbValues(1, 1, 1),
            PaddedLength = 77,
            PadId = 33,
        },
        new("blip-itm-base-coco")
        {
            Config = """
                {"architectures": ["BlipForImageTextRetrieval"], "model_type": "blip", "projection_dim": 512, "image_text_hidden_size": 256,
                 "text_config": {"model_type": "blip_text_model", "max_position_embeddings": 512}, "vision_config": {"image_size": 384}}
                """,
            Preprocessing = $$$"""
                {"do_normalize": true, "do_rescale": true, "do_resize": true, {{{ClipNormalisation}}}, "image_processor_type": "BlipImageProcessor",
                 "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"height": 384, "width": 384}}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 512, "cls_token": "[CLS]", "sep_token": "[SEP]",
                 "pad_token": "[PAD]", "unk_token": "[UNK]", "strip_accents": null, "tokenize_chinese_chars": true}
                """,
            Tokenizer = "bert",
            Mask = "attention_mask",
            Family = "blip",
            Dimensions = 256,
            Edge = 384,
            Resize = ResizeMode.Exact,
            Filter = ResampleFilter.Bicubic,
        },
        new("chinese-clip-vit-base-patch16")
        {
            Config = """
                {"architectures": ["ChineseCLIPModel"], "model_type": "chinese_clip", "projection_dim": 512,
                 "text_config": {"model_type": "chinese_clip_text_model", "vocab_size": 21128, "max_position_embeddings": 512}}
                """,
            Preprocessing = $$$"""
                {"do_center_crop": false, "do_convert_rgb": true, "do_normalize": true, "do_resize": true,
                 "feature_extractor_type": "ChineseCLIPFeatureExtractor", {{{ClipNormalisation}}}, "resample": 3, "size": {"height": 224, "width": 224}}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "BertTokenizer", "do_lower_case": true, "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]",
                 "unk_token": "[UNK]"}
                """,
            Tokenizer = "bert",
            TokenizerFile = "vocab.txt",
            Mask = "attention_mask",
            Family = "chinese_clip",
            Dimensions = 512,
            Edge = 224,
            Resize = ResizeMode.Exact,
            Filter = ResampleFilter.Bicubic,
        },
        new("siglip2-base-patch16-224")
        {
            Config = """
                {"architectures": ["SiglipModel"], "model_type": "siglip",
                 "text_config": {"hidden_size": 768, "model_type": "siglip_text_model", "vocab_size": 256000},
                 "vision_config": {"model_type": "siglip_vision_model"}}
                """,
            Preprocessing = """
                {"do_convert_rgb": null, "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
                 "image_std": [0.5, 0.5, 0.5], "image_processor_type": "SiglipImageProcessor", "resample": 2, "rescale_factor": 0.00392156862745098,
                 "size": {"height": 224, "width": 224}}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "GemmaTokenizer", "add_bos_token": false, "add_eos_token": true, "bos_token": "<bos>", "eos_token": "<eos>",
                 "pad_token": "<pad>", "unk_token": "<unk>", "model_max_length": 64}
                """,
            Tokenizer = "gemma",
            ReadsLowerCase = true,
            ImageOutput = "pooler_output",
            TextOutput = "pooler_output",
            Family = "siglip",
            Dimensions = 768,
            Edge = 224,
            Resize = ResizeMode.Exact,
            Filter = ResampleFilter.Bilinear,
            Mean = new RgbValues(0.5f, 0.5f, 0.5f),
            Std = new RgbValues(0.5f, 0.5f, 0.5f),
            PaddedLength = 64,
        },
        new("jina-clip-v1")
        {
            Config = """
                {"architectures": ["JinaCLIPModel"], "model_type": "jina_clip", "projection_dim": 768,
                 "text_config": {"embed_dim": 768, "model_type": "jina_clip_text"}}
                """,
            Preprocessing = """
                {"fill_color": 0, "image_processor_type": "JinaCLIPImageProcessor", "interpolation": "bicubic", "mean": [0.48145466, 0.4578275, 0.40821073],
                 "resize_mode": "shortest", "size": 224, "std": [0.26862954, 0.26130258, 0.27577711]}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 8192, "cls_token": "[CLS]", "sep_token": "[SEP]",
                 "pad_token": "[PAD]", "unk_token": "[UNK]"}
                """,
            Tokenizer = "bert",
            IsJoint = true,
            Family = "jina_clip",
            Dimensions = 768,
            Edge = 224,
            Resize = ResizeMode.ShortestEdge,
            Filter = ResampleFilter.Bicubic,
        },
        new("jina-clip-v2")
        {
            Config = """
                {"architectures": ["JinaCLIPModel"], "model_type": "jina_clip", "projection_dim": 1024,
                 "text_config": {"embed_dim": 1024, "model_type": "jina_clip_text"}}
                """,
            Preprocessing = """
                {"fill_color": 0, "image_processor_type": "JinaCLIPImageProcessor", "interpolation": "bicubic", "mean": [0.48145466, 0.4578275, 0.40821073],
                 "resize_mode": "shortest", "size": 512, "std": [0.26862954, 0.26130258, 0.27577711]}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": 8194, "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>",
                 "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": {"content": "<mask>", "lstrip": true}}
                """,
            Tokenizer = "xlm-roberta",
            IsJoint = true,
            Family = "jina_clip",
            Dimensions = 1024,
            Edge = 512,
            Resize = ResizeMode.ShortestEdge,
            Filter = ResampleFilter.Bicubic,
        },
        new("metaclip-2-worldwide-b32")
        {
            Config = """
                {"architectures": ["MetaClip2Model"], "model_type": "metaclip_2", "projection_dim": 512,
                 "text_config": {"model_type": "metaclip_2_text_model", "max_position_embeddings": 77, "vocab_size": 901629}}
                """,
            Preprocessing = $$$"""
                {"crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": true, "do_rescale": true,
                 "do_resize": true, {{{ClipNormalisation}}}, "image_processor_type": "CLIPImageProcessor", "resample": 3,
                 "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 224}}
                """,
            TokenizerConfig = """
                {"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": 77, "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>",
                 "unk_token": "<unk>"}
                """,
            Tokenizer = "xlm-roberta",
            Mask = "attention_mask",
            Family = "metaclip_2",
            Dimensions = 512,
            Edge = 224,
            Resize = ResizeMode.ShortestEdge,
            Filter = ResampleFilter.Bicubic,
            PaddedLength = 77,
            PadId = 1,
        },
    ];

    public override string ToString() => Name;
}
