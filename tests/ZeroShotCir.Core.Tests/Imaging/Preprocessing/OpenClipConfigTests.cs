using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Preprocessing;

public sealed class OpenClipConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"size\": 32", ResizeMode.ShortestEdge, 32, 32, ResampleFilter.Bicubic)]
    [InlineData("\"size\": [48, 32], \"resize_mode\": \"squash\"", ResizeMode.Exact, 32, 48, ResampleFilter.Bicubic)]
    [InlineData("\"size\": [48, 32], \"resize_mode\": \"longest\", \"interpolation\": \"bilinear\"", ResizeMode.LongestEdge, 32, 48, ResampleFilter.Bilinear)]
    public void Sizes_modes_and_filters_are_read(string fields, ResizeMode resize, int width, int height, ResampleFilter filter)
    {
        ImagePreprocessing actual = Read($"{{{fields}}}");
        Assert.Equal((resize, new ImageSize(width, height), filter), (actual.Resize, actual.OutputSize!.Value, actual.Filter));
        Assert.Equal((CropRounding.HalfToEven, new ImagePreprocessing().Mean), (actual.CropRounding, actual.Mean));
    }

    [Fact]
    public void Fill_mean_and_std_are_read()
    {
        ImagePreprocessing actual = Read("{\"size\": 32, \"fill_color\": 128, \"mean\": [0, 0, 0], \"std\": [1, 1, 1]}");
        Assert.Equal((128, default, new RgbValues(1, 1, 1)), (actual.FillValue, actual.Mean, actual.Std));
    }

    [Theory]
    [InlineData("{}", "\"size\"")]
    [InlineData("{\"size\": [32]}", "[height, width]")]
    [InlineData("{\"size\": 32, \"resize_mode\": \"stretch\"}", "\"resize_mode\"")]
    [InlineData("{\"size\": 32, \"interpolation\": \"random\"}", "\"interpolation\"")]
    [InlineData("{\"size\": 32, \"fill_color\": 256}", "\"fill_color\"")]
    [InlineData("{\"size\": 32, \"std\": [1, 1, -1]}", "\"std\"")]
    public void A_bad_file_is_refused_with_its_path_and_the_field(string json, string expected)
    {
        InvalidPreprocessingException exception = Assert.Throws<InvalidPreprocessingException>(() => Read(json));
        Assert.Contains(_folder.File("preprocess_cfg.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private ImagePreprocessing Read(string json)
    {
        string path = _folder.File("preprocess_cfg.json");
        File.WriteAllText(path, json);
        return ImagePreprocessing.FromOpenClipConfig(path);
    }
}
