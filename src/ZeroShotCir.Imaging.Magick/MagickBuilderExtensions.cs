using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Imaging.Magick;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers image decoding.</summary>
public static class MagickBuilderExtensions
{
    /// <summary>
    /// Decodes HEIC, AVIF, TIFF, JPEG 2000, JPEG XL and PNM by <see cref="MagickImageDecoder"/>, or what decoders used before it do not read; a decoder that the
    /// application registered by itself stays the only one.
    /// </summary>
    /// <param name="builder">The builder to chain on.</param>
    /// <returns>The same builder.</returns>
    public static ZeroShotCirBuilder UseMagickDecoder(this ZeroShotCirBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseDecoder(new MagickImageDecoder());
    }
}
