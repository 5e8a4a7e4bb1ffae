using ImageMagick;
using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.ImageSharp;
using ZeroShotCir.Imaging.Magick;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

public sealed class DecoderChainTests
{
    private static readonly DecoderChain Chain = new(new SkiaImageDecoder(), new MagickImageDecoder());

    [Fact]
    public void Each_picture_goes_to_the_first_decoder_that_reads_its_format()
    {
        Assert.Equal("skia+magick", Chain.Name);
        foreach (MagickFormat format in (MagickFormat[])[MagickFormat.Png, MagickFormat.Bmp3, MagickFormat.Tiff, MagickFormat.Ppm])
        {
            Assert.Equal(Picture.Rgb, Chain.Decode(Picture.Write(format), new DecodeOptions()).Pixels.ToArray());
        }

        foreach (ImageFormat format in ImageFormat.All)
        {
            Assert.Contains(format, Chain.Formats);
        }
    }

    [Fact]
    public void The_order_decides()
    {
        byte[] jpeg = Picture.Write(MagickFormat.Jpeg);
        byte[] first = new DecoderChain(new ImageSharpImageDecoder(), new SkiaImageDecoder()).Decode(jpeg, new DecodeOptions()).Pixels.ToArray();
        Assert.Equal(new ImageSharpImageDecoder().Decode(jpeg, new DecodeOptions()).Pixels.ToArray(), first);
        Assert.NotEqual(Chain.Decode(jpeg, new DecodeOptions()).Pixels.ToArray(), first);
    }

    [Fact]
    public void What_nobody_reads_is_refused_with_what_each_decoder_reads()
    {
        foreach (byte[] bytes in (byte[][])[[], [.. "This is a text."u8], [.. "FUJIFILMCCD-RAW 0201"u8]])
        {
            string message = Assert.Throws<InvalidImageException>(() => Chain.Decode(bytes, new DecodeOptions())).Message;
            Assert.Contains("'skia' reads JPEG, PNG, WebP, BMP, GIF; 'magick' reads HEIC, AVIF, TIFF", message, StringComparison.Ordinal);
        }

        InvalidImageException refusal = Assert.Throws<InvalidImageException>(() => Chain.Decode([.. "FUJIFILMCCD-RAW 0201"u8], new DecodeOptions()));
        Assert.Contains("camera RAW", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DecoderChain());
    }

    [Fact]
    public void Used_decoders_make_a_chain_in_their_order()
    {
        using ServiceProvider services = new ServiceCollection().AddZeroShotCir()
            .UseSkiaDecoder().UseMagickDecoder().UseSkiaDecoder().UseImageSharpDecoder().Services.BuildServiceProvider();
        Assert.Equal("skia+magick+imagesharp", Assert.Single(services.GetServices<IImageDecoder>()).Name);
    }

    [Fact]
    public void A_decoder_that_the_application_registered_stays_the_only_one()
    {
        using ServiceProvider services = new ServiceCollection().AddSingleton<IImageDecoder, ImageSharpImageDecoder>().AddZeroShotCir()
            .UseSkiaDecoder().UseMagickDecoder().Services.BuildServiceProvider();
        Assert.Equal("imagesharp", Assert.Single(services.GetServices<IImageDecoder>()).Name);
    }
}
