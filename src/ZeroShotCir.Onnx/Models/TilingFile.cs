using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Json;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// Reads how images become tiles: <c>preprocessor_config.json</c>, or the <c>image_processor</c> of <c>processor_config.json</c>, with the
/// defaults of transformers' classes.
/// </summary>
internal static class TilingFile
{
    private const int MostPixels = 4096;

    /// <summary>Reads the settings of a folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="splits">Whether images are cut; <see langword="null"/> for what the folder says.</param>
    /// <param name="order">Which pass of a resize runs first.</param>
    /// <exception cref="InvalidModelException">There is no such file, or it asks for what is not done here.</exception>
    public static ImageTiling Read(string folder, bool? splits, ResizeOrder order)
    {
        JsonField settings = ModelFiles.OpenIfThere(folder, "preprocessor_config.json")
            ?? ModelFiles.OpenIfThere(folder, "processor_config.json")?["image_processor"].OrNull
            ?? throw new InvalidModelException(
                $"The model folder '{folder}' does not say how to preprocess images: looked for preprocessor_config.json, "
                + $"and processor_config.json with 'image_processor'. Found: {ModelFiles.List(folder)}.");
        if (settings["do_convert_rgb"].OrNull?.Flag() == false)
        {
            throw settings["do_convert_rgb"].Unexpected("true: images are always red, green and blue here");
        }

        int tile = Edge(settings, "max_image_size") ?? 364;
        int? longest = settings["do_resize"].OrNull?.Flag() == false ? null : Edge(settings, "size") ?? 4 * 364;
        if (longest > tile * ImageTiling.MostTiles)
        {
            throw settings["max_image_size"].Unexpected(
                $"tiles of at least {longest / ImageTiling.MostTiles} pixels, "
                + $"so that an image of {longest} has at most {ImageTiling.MostTiles} along an edge");
        }

        bool normalizes = settings["do_normalize"].OrNull?.Flag() ?? true;
        return new ImageTiling(
            longest,
            tile,
            splits ?? settings["do_image_splitting"].OrNull?.Flag() ?? true,
            Filter(settings["resample"]),
            order,
            settings["do_rescale"].OrNull?.Flag() == false ? 1 : Factor(settings["rescale_factor"]),
            normalizes ? Channels(settings["image_mean"], 0.5f, isDivisor: false) : default,
            normalizes ? Channels(settings["image_std"], 0.5f, isDivisor: true) : new RgbValues(1, 1, 1));
    }

    private static int? Edge(JsonField settings, string name)
    {
        JsonField? size = settings[name].OrNull;
        return size is null ? null
            : size.Kind != System.Text.Json.JsonValueKind.Object || size["longest_edge"].OrNull is not { } edge ? throw size.Unexpected("""{"longest_edge": n}""")
            : edge.Int32(1, MostPixels, $"an edge between 1 and {MostPixels} pixels");
    }

    private static double Factor(JsonField factor) => factor.OrNull?.Double() switch
    {
        null => 1.0 / 255,
        0 => throw factor.Unexpected("a number other than 0, usually 1/255"),
        double value => value,
    };

    private static RgbValues Channels(JsonField field, float usual, bool isDivisor)
    {
        if (field.OrNull is null)
        {
            return new RgbValues(usual, usual, usual);
        }

        float[] values = [.. field.Items().Select(item => (float)item.Double())];
        return values.Length == 3 && values.All(value => float.IsFinite(value) && (!isDivisor || value > 0))
            ? new RgbValues(values[0], values[1], values[2])
            : throw field.Unexpected(isDivisor ? "three numbers above 0" : "three numbers");
    }

    private static ResampleFilter Filter(JsonField resample) => resample.OrNull?.Int32() switch
    {
        null => ResampleFilter.Lanczos,
        int code when Enum.IsDefined((ResampleFilter)code) => (ResampleFilter)code,
        _ => throw resample.Unexpected("0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming)"),
    };
}
