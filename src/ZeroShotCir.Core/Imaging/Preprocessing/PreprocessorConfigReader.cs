using System.Text.Json;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>
/// Reads Hugging Face's <c>preprocessor_config.json</c>, whose fields and defaults changed over the years, or the <c>image_processor</c> of
/// <c>processor_config.json</c>.
/// </summary>
internal static class PreprocessorConfigReader
{
    private const string SizeForms = "an integer, {\"shortest_edge\": n}, {\"longest_edge\": n} or {\"height\": h, \"width\": w}";

    /// <summary>Steps of other image processors; ignoring one would feed the model other pixels than it was trained on.</summary>
    private static readonly string[] UnsupportedSteps =
    [
        "do_pad", "do_thumbnail", "do_align_long_axis", "do_flip_channel_order", "do_image_splitting", "do_color_quantize",
        "do_grayscale", "rescale_offset",
    ];

    public static ImagePreprocessing Read(string path)
    {
        PreprocessingFile file = PreprocessingFile.Open(path, section: "image_processor");
        if (file.TryGet(out _, "resize_mode"))
        {
            return OpenClipConfigReader.Read(file);
        }

        foreach (string step in UnsupportedSteps)
        {
            if (file.Flag(step) == true)
            {
                throw file.Unsupported($"asks for \"{step}\", which is not supported.");
            }
        }

        if (file.TryGet(out _, "max_num_patches"))
        {
            throw file.Unsupported("has \"max_num_patches\": models that take patches of varying resolution (NaFlex) are not supported.");
        }

        string type = file.Text("image_processor_type") ?? file.Text("feature_extractor_type") ?? "";
        ImageSize? crop = ReadCrop(file);
        (ResizeMode resize, ImageSize size) = file.Flag("do_resize") == false
            ? (ResizeMode.None, ImageSize.Square(1))
            : ReadSize(file, integerIsShortestEdge: IsClip(type) || (!IsSquare(type) && crop is not null));
        bool rescale = file.Flag("do_rescale") ?? true;
        (RgbValues mean, RgbValues std) = ReadNormalization(file);
        ImagePreprocessing preprocessing = new()
        {
            Resize = resize,
            Size = size,
            Filter = ReadFilter(file, type),
            Crop = crop,
            CropRounding = CropRounding.Floor,
            RescaleFactor = rescale ? ReadRescaleFactor(file) : 1,
            Mean = mean,
            Std = std,
        };
        return preprocessing.OutputSize is null
            ? throw file.Unsupported(
                "resizes without changing the aspect ratio and does not crop, so that every image would have a size of its own; "
                + "expected \"do_center_crop\" with \"crop_size\", or \"size\" with \"height\" and \"width\".")
            : preprocessing;
    }

    private static ImageSize? ReadCrop(PreprocessingFile file)
    {
        bool given = file.TryGet(out JsonElement value, "crop_size");
        bool asked = file.Flag("do_center_crop") ?? given;
        return !asked ? null
            : !given ? throw file.Missing("crop_size", "an integer or {\"height\": h, \"width\": w}, because \"do_center_crop\" is true")
            : value.ValueKind == JsonValueKind.Number ? ImageSize.Square(file.Edge("crop_size", value))
            : ReadHeightAndWidth(file, "crop_size", value) ?? throw file.Unexpected("crop_size", value, "an integer or {\"height\": h, \"width\": w}");
    }

    private static (ResizeMode Resize, ImageSize Size) ReadSize(PreprocessingFile file, bool integerIsShortestEdge)
    {
        if (!file.TryGet(out JsonElement value, "size"))
        {
            throw file.Missing("size", SizeForms);
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            return (integerIsShortestEdge ? ResizeMode.ShortestEdge : ResizeMode.Exact, ImageSize.Square(file.Edge("size", value)));
        }

        if (ReadHeightAndWidth(file, "size", value) is ImageSize size)
        {
            return (ResizeMode.Exact, size);
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            bool shortest = value.TryGetProperty("shortest_edge", out JsonElement shortestEdge);
            bool longest = value.TryGetProperty("longest_edge", out JsonElement longestEdge);
            if (shortest != longest)
            {
                return shortest
                    ? (ResizeMode.ShortestEdge, ImageSize.Square(file.Edge("size", shortestEdge)))
                    : (ResizeMode.LongestEdge, ImageSize.Square(file.Edge("size", longestEdge)));
            }
        }

        throw file.Unexpected("size", value, SizeForms);
    }

    private static ImageSize? ReadHeightAndWidth(PreprocessingFile file, string name, JsonElement value)
        => value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("height", out JsonElement height) && value.TryGetProperty("width", out JsonElement width)
            ? new ImageSize(file.Edge(name, width), file.Edge(name, height))
            : null;

    private static ResampleFilter ReadFilter(PreprocessingFile file, string type)
    {
        if (!file.TryGet(out JsonElement value, "resample"))
        {
            // The default of ViT's processor, which old files leave out, is not that of the CLIP family.
            return type.StartsWith("ViT", StringComparison.Ordinal) ? ResampleFilter.Bilinear : ResampleFilter.Bicubic;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int code) && Enum.IsDefined((ResampleFilter)code)
            ? (ResampleFilter)code
            : throw file.Unexpected("resample", value, "0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming)");
    }

    private static double ReadRescaleFactor(PreprocessingFile file)
    {
        double factor = file.Number("rescale_factor") ?? 1.0 / 255;
        return factor != 0 ? factor : throw file.Unsupported("has \"rescale_factor\": 0; expected a number other than 0, usually 1/255.");
    }

    private static (RgbValues Mean, RgbValues Std) ReadNormalization(PreprocessingFile file)
    {
        bool? asked = file.Flag("do_normalize");
        RgbValues? mean = asked == false ? null : file.Channels(positive: false, "image_mean", "mean");
        RgbValues? std = asked == false ? null : file.Channels(positive: true, "image_std", "std");
        if (asked == true || mean.HasValue || std.HasValue)
        {
            return (mean ?? throw file.Missing("image_mean", "three numbers"), std ?? throw file.Missing("image_std", "three numbers above 0"));
        }

        return (default, new RgbValues(1, 1, 1));
    }

    private static bool IsClip(string type)
        => type.StartsWith("CLIP", StringComparison.Ordinal) || type.StartsWith("ChineseCLIP", StringComparison.Ordinal);

    private static bool IsSquare(string type)
        => type.StartsWith("Blip", StringComparison.OrdinalIgnoreCase) || type.StartsWith("ViT", StringComparison.Ordinal)
            || type.StartsWith("DeiT", StringComparison.Ordinal) || type.StartsWith("Siglip", StringComparison.OrdinalIgnoreCase);
}
