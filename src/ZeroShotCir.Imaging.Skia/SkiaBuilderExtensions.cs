using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers image decoding.</summary>
public static class SkiaBuilderExtensions
{
    /// <summary>Decodes images by <see cref="SkiaImageDecoder"/>, unless the application registered another decoder before.</summary>
    /// <param name="builder">The builder to chain on.</param>
    /// <returns>The same builder.</returns>
    public static ZeroShotCirBuilder UseSkiaDecoder(this ZeroShotCirBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IImageDecoder, SkiaImageDecoder>();
        return builder;
    }
}
