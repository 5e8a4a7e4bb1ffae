using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers image decoding.</summary>
public static class SkiaBuilderExtensions
{
    /// <summary>
    /// Decodes images by <see cref="SkiaImageDecoder"/>, or what decoders used before it do not read; a decoder that the application
    /// registered by itself stays the only one. Small copies of pictures are made by <see cref="SkiaImageShrinker"/>, unless the application
    /// registered another <see cref="IImageShrinker"/>.
    /// </summary>
    /// <param name="builder">The builder to chain on.</param>
    /// <returns>The same builder.</returns>
    public static ZeroShotCirBuilder UseSkiaDecoder(this ZeroShotCirBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IImageShrinker>(services => new SkiaImageShrinker(services.GetRequiredService<IImageDecoder>()));
        return builder.UseDecoder(new SkiaImageDecoder());
    }
}
