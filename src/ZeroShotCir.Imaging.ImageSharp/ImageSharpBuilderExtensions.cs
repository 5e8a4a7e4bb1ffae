using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Imaging.ImageSharp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers image decoding.</summary>
public static class ImageSharpBuilderExtensions
{
    /// <summary>
    /// Decodes images by <see cref="ImageSharpImageDecoder"/>, or what decoders used before it do not read; a decoder that the
    /// application registered by itself stays the only one.
    /// </summary>
    /// <param name="builder">The builder to chain on.</param>
    /// <returns>The same builder.</returns>
    public static ZeroShotCirBuilder UseImageSharpDecoder(this ZeroShotCirBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseDecoder(new ImageSharpImageDecoder());
    }
}
