using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Imaging;

public sealed class ImageDecoderExtensionsTests
{
    [Fact]
    public void A_failure_names_the_source_of_the_image()
    {
        ImageData image = ImageData.FromBytes(new byte[] { 1 }, "shop/dress.jpg");
        InvalidImageException exception = Assert.Throws<InvalidImageException>(() => new RefusingDecoder().Decode(image));
        Assert.Equal("'shop/dress.jpg': 1 byte refused.", exception.Message);
        Assert.IsType<InvalidImageException>(exception.InnerException);
    }

    [Fact]
    public void A_failure_without_a_source_stays_as_it_is()
        => Assert.Equal("1 byte refused.", Assert.Throws<InvalidImageException>(() => new RefusingDecoder().Decode(ImageData.FromBytes(new byte[] { 1 }))).Message);

    private sealed class RefusingDecoder : IImageDecoder
    {
        public string Name => "refusing";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new InvalidImageException($"{encoded.Length} byte refused.");
    }
}
