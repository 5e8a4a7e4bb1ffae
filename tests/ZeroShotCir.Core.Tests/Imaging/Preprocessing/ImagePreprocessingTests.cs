using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Preprocessing;

public sealed class ImagePreprocessingTests
{
    [Fact]
    public void The_defaults_are_those_of_CLIP_at_224()
    {
        ImagePreprocessing defaults = new();
        Assert.Equal((ResizeMode.ShortestEdge, ImageSize.Square(224), ImageSize.Square(224)), (defaults.Resize, defaults.Size, defaults.OutputSize));
        Assert.Equal((ResampleFilter.Bicubic, 1.0 / 255, 0.48145466f), (defaults.Filter, defaults.RescaleFactor, defaults.Mean.Red));
    }

    [Fact]
    public void Equal_descriptions_are_equal()
        => Assert.Equal(new ImagePreprocessing { Padding = ImagePadding.Target(1.25) }, new ImagePreprocessing { Padding = ImagePadding.Target(1.25) });

    [Fact]
    public void Values_out_of_range_are_refused_where_they_are_given()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Size", () => new ImagePreprocessing { Size = new ImageSize(0, 5) });
        Assert.Throws<ArgumentOutOfRangeException>("Crop", () => new ImagePreprocessing { Crop = new ImageSize(5, 20_000) });
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ImagePreprocessing { RescaleFactor = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ImagePreprocessing { RescaleFactor = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ImagePreprocessing { Mean = new RgbValues(0, float.NaN, 0) });
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ImagePreprocessing { Std = new RgbValues(1, 1, 0) });
        Assert.Throws<ArgumentOutOfRangeException>("ratio", () => ImagePadding.Target(0.9));
        Assert.Throws<ArgumentOutOfRangeException>("ratio", () => ImagePadding.Target(double.NaN));
    }
}
