using System.Text.Json;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>Reads OpenCLIP's <c>preprocess_cfg.json</c>, or the part of <c>open_clip_config.json</c> that is called so.</summary>
internal static class OpenClipConfigReader
{
    public static ImagePreprocessing Read(string path)
    {
        PreprocessingFile file = PreprocessingFile.Open(path, section: "preprocess_cfg");
        return Read(file);
    }

    public static ImagePreprocessing Read(PreprocessingFile file)
    {
        ImageSize size = ReadSize(file);
        (ResizeMode resize, ImageSize? crop) = file.Text("resize_mode") switch
        {
            null or "shortest" => (ResizeMode.ShortestEdge, (ImageSize?)size),
            "longest" => (ResizeMode.LongestEdge, size),
            "squash" => (ResizeMode.Exact, null),
            _ => throw Unexpected(file, "resize_mode", "\"shortest\", \"longest\" or \"squash\""),
        };
        ImagePreprocessing defaults = new();
        return new ImagePreprocessing
        {
            Resize = resize,
            Size = size,
            Filter = file.Text("interpolation") switch
            {
                null or "bicubic" => ResampleFilter.Bicubic,
                "bilinear" => ResampleFilter.Bilinear,
                _ => throw Unexpected(file, "interpolation", "\"bicubic\" or \"bilinear\""),
            },
            Crop = crop,
            CropRounding = CropRounding.HalfToEven,
            FillValue = file.Number("fill_color") switch
            {
                null => 0,
                double value when value is >= 0 and <= 255 && value == Math.Floor(value) => (byte)value,
                _ => throw Unexpected(file, "fill_color", "an integer between 0 and 255"),
            },
            Mean = file.Channels(positive: false, "mean", "image_mean") ?? defaults.Mean,
            Std = file.Channels(positive: true, "std", "image_std") ?? defaults.Std,
        };
    }

    private static ImageSize ReadSize(PreprocessingFile file)
    {
        // A hub folder's open_clip_config.json leaves the size to the description of the model.
        if (!file.TryGet(out JsonElement value, "size") && !file.TryGetOutside(out value, "model_cfg", "vision_cfg", "image_size"))
        {
            throw file.Missing("size", "an integer or [height, width]");
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number => ImageSize.Square(file.Edge("size", value)),
            JsonValueKind.Array when value.GetArrayLength() == 2 => new ImageSize(file.Edge("size", value[1]), file.Edge("size", value[0])),
            _ => throw file.Unexpected("size", value, "an integer or [height, width]"),
        };
    }

    private static InvalidPreprocessingException Unexpected(PreprocessingFile file, string name, string expected)
        => file.TryGet(out JsonElement value, name) ? file.Unexpected(name, value, expected) : file.Missing(name, expected);
}
