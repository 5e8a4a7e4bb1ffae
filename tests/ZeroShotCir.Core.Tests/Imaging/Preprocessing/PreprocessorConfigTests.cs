using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Preprocessing;

public sealed class PreprocessorConfigTests : IDisposable
{
    private const string Crop = "\"do_center_crop\": true, \"crop_size\": 32";
    private const string Normalize = "\"image_mean\": [0.5, 0.25, 0.125], \"image_std\": [0.5, 0.5, 0.25]";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"size\": 40, \"crop_size\": 32", "CLIPFeatureExtractor", ResizeMode.ShortestEdge, 40, 40, 32)]
    [InlineData("\"size\": 40, " + Crop, "CLIPImageProcessor", ResizeMode.ShortestEdge, 40, 40, 32)]
    [InlineData("\"size\": 40, " + Crop, "ChineseCLIPFeatureExtractor", ResizeMode.ShortestEdge, 40, 40, 32)]
    [InlineData("\"size\": 40, " + Crop, "", ResizeMode.ShortestEdge, 40, 40, 32)]
    [InlineData("\"size\": 40", "", ResizeMode.Exact, 40, 40, 40)]
    [InlineData("\"size\": 40", "BlipImageProcessor", ResizeMode.Exact, 40, 40, 40)]
    [InlineData("\"size\": 40", "ViTFeatureExtractor", ResizeMode.Exact, 40, 40, 40)]
    [InlineData("\"size\": 40", "SiglipImageProcessor", ResizeMode.Exact, 40, 40, 40)]
    [InlineData("\"size\": {\"shortest_edge\": 40}, " + Crop, "ViTImageProcessor", ResizeMode.ShortestEdge, 40, 40, 32)]
    [InlineData("\"size\": {\"longest_edge\": 40}, " + Crop, "X", ResizeMode.LongestEdge, 40, 40, 32)]
    [InlineData("\"size\": {\"height\": 48, \"width\": 24}", "SiglipImageProcessorFast", ResizeMode.Exact, 24, 48, 24)]
    [InlineData("\"size\": {\"height\": 40, \"width\": 40}, \"crop_size\": 32, \"do_center_crop\": false", "CLIPImageProcessor", ResizeMode.Exact, 40, 40, 40)]
    [InlineData(
        "\"size\": {\"shortest_edge\": 40}, \"do_center_crop\": true, \"crop_size\": {\"height\": 48, \"width\": 32}",
        "CLIPImageProcessor",
        ResizeMode.ShortestEdge,
        40,
        40,
        32)]
    [InlineData("\"do_resize\": false, " + Crop, "CLIPImageProcessor", ResizeMode.None, 1, 1, 32)]
    public void Every_form_of_size_is_read(string fields, string type, ResizeMode resize, int width, int height, int outputWidth)
    {
        ImagePreprocessing actual = Read($"{{{fields}, \"feature_extractor_type\": \"{type}\", \"do_convert_rgb\": null, {Normalize}}}");
        Assert.Equal((resize, new ImageSize(width, height), outputWidth), (actual.Resize, actual.Size, actual.OutputSize!.Value.Width));
        Assert.Equal(CropRounding.Floor, actual.CropRounding);
    }

    [Fact]
    public void The_newer_name_of_the_processor_decides()
        => Assert.Equal(ResizeMode.Exact, Read("{\"size\": 40, \"image_processor_type\": \"BlipImageProcessor\", \"feature_extractor_type\": \"CLIPFeatureExtractor\"}").Resize);

    [Theory]
    [InlineData("0", ResampleFilter.Nearest)]
    [InlineData("1", ResampleFilter.Lanczos)]
    [InlineData("2", ResampleFilter.Bilinear)]
    [InlineData("3", ResampleFilter.Bicubic)]
    [InlineData("4", ResampleFilter.Box)]
    [InlineData("5", ResampleFilter.Hamming)]
    public void Every_filter_is_read(string code, ResampleFilter filter) => Assert.Equal(filter, Read($"{{{Square}, \"resample\": {code}}}").Filter);

    [Theory]
    [InlineData("ViTFeatureExtractor", ResampleFilter.Bilinear)]
    [InlineData("CLIPFeatureExtractor", ResampleFilter.Bicubic)]
    public void A_missing_filter_is_the_default_of_the_processor(string type, ResampleFilter filter)
        => Assert.Equal(filter, Read($"{{{Square}, \"feature_extractor_type\": \"{type}\"}}").Filter);

    [Theory]
    [InlineData("", 1.0 / 255)]
    [InlineData(", \"do_rescale\": true, \"rescale_factor\": 0.5", 0.5)]
    [InlineData(", \"do_rescale\": false, \"rescale_factor\": 0.5", 1)]
    public void Rescaling_is_read(string fields, double factor) => Assert.Equal(factor, Read($"{{{Square}{fields}}}").RescaleFactor);

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData(", " + Normalize, 0.25f, 0.5f)]
    [InlineData(", \"do_normalize\": true, \"mean\": [0.5, 0.25, 0.125], \"std\": [0.5, 0.5, 0.25]", 0.25f, 0.5f)]
    [InlineData(", \"do_normalize\": false, " + Normalize, 0, 1)]
    public void Normalisation_is_read(string fields, float greenMean, float greenStd)
    {
        ImagePreprocessing actual = Read($"{{{Square}{fields}}}");
        Assert.Equal((greenMean, greenStd), (actual.Mean.Green, actual.Std.Green));
    }

    [Fact]
    public void A_file_that_speaks_OpenCLIPs_words_is_read_as_OpenCLIPs()
    {
        ImagePreprocessing actual = Read(
            "{\"image_processor_type\": \"JinaCLIPImageProcessor\", \"size\": 40, \"resize_mode\": \"shortest\", "
            + "\"interpolation\": \"bilinear\", \"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5]}");
        Assert.Equal((ResizeMode.ShortestEdge, ImageSize.Square(40), ResampleFilter.Bilinear), (actual.Resize, actual.Crop!.Value, actual.Filter));
    }

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("{}", "\"size\"")]
    [InlineData("{\"size\": \"big\"}", "\"big\"")]
    [InlineData("{\"size\": 0}", "between 1 and")]
    [InlineData("{\"size\": 1e9}", "between 1 and")]
    [InlineData("{\"size\": 22.5}", "between 1 and")]
    [InlineData("{\"size\": {\"height\": 4}}", "\"width\"")]
    [InlineData("{\"size\": {\"shortest_edge\": 4, \"longest_edge\": 9}, " + Crop + "}", "shortest_edge")]
    [InlineData("{\"size\": {\"shortest_edge\": 4}}", "crop_size")]
    [InlineData("{\"size\": 4, \"do_center_crop\": true}", "\"crop_size\"")]
    [InlineData("{\"size\": 4, \"crop_size\": [4, 4]}", "\"crop_size\"")]
    [InlineData("{\"size\": 4, \"do_resize\": 1}", "'do_resize'")]
    [InlineData("{\"size\": 4, \"resample\": 6}", "\"resample\"")]
    [InlineData("{\"size\": 4, \"resample\": \"bicubic\"}", "\"resample\"")]
    [InlineData("{\"size\": 4, \"rescale_factor\": 0}", "\"rescale_factor\"")]
    [InlineData("{\"size\": 4, \"rescale_factor\": \"x\"}", "'rescale_factor'")]
    [InlineData("{\"size\": 4, \"do_normalize\": true}", "\"image_mean\"")]
    [InlineData("{\"size\": 4, \"image_mean\": [0, 0, 0]}", "\"image_std\"")]
    [InlineData("{\"size\": 4, \"image_mean\": [0, 0], \"image_std\": [1, 1, 1]}", "\"image_mean\"")]
    [InlineData("{\"size\": 4, \"image_mean\": [0, 0, 0], \"image_std\": [1, 0, 1]}", "\"image_std\"")]
    [InlineData("{\"size\": 4, \"image_mean\": [0, 0, 1e99], \"image_std\": [1, 1, 1]}", "\"image_mean\"")]
    [InlineData("{\"size\": 4, \"do_pad\": true}", "do_pad")]
    [InlineData("{\"size\": 4, \"do_flip_channel_order\": true}", "do_flip_channel_order")]
    [InlineData("{\"size\": 4, \"max_num_patches\": 256}", "NaFlex")]
    [InlineData("{\"size\": 4, \"image_processor_type\": 4}", "image_processor_type")]
    public void A_bad_file_is_refused_with_its_path_and_the_field(string json, string expected)
    {
        InvalidPreprocessingException exception = Assert.Throws<InvalidPreprocessingException>(() => Read(json));
        Assert.Contains(_folder.File("preprocessor_config.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused_with_its_path()
    {
        string path = _folder.File("absent.json");
        Assert.Contains(path, Assert.Throws<InvalidPreprocessingException>(() => ImagePreprocessing.FromPreprocessorConfig(path)).Message, StringComparison.Ordinal);
        Assert.Contains(path, Assert.Throws<InvalidPreprocessingException>(() => ImagePreprocessing.FromOpenClipConfig(path)).Message, StringComparison.Ordinal);
    }

    private const string Square = "\"size\": {\"height\": 4, \"width\": 4}";

    private ImagePreprocessing Read(string json)
    {
        string path = _folder.File("preprocessor_config.json");
        File.WriteAllText(path, json);
        return ImagePreprocessing.FromPreprocessorConfig(path);
    }
}
