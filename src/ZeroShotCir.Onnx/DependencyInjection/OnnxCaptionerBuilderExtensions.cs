using ZeroShotCir.Captions;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Captioning;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an ONNX captioner.</summary>
public static class OnnxCaptionerBuilderExtensions
{
    /// <summary>
    /// Registers an <see cref="OnnxImageCaptioner"/> as <see cref="IImageCaptioner"/>: a singleton that is opened when first asked
    /// for and disposed by the container. It needs an <see cref="IImageDecoder"/>.
    /// </summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="path">The captioner folder.</param>
    /// <param name="options">How it decodes; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">A captioner is registered already.</exception>
    public static ZeroShotCirBuilder UseOnnxCaptioner(this ZeroShotCirBuilder builder, string path, OnnxCaptionerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Registration.ThrowIfTwice<IImageCaptioner>(
            builder.Services,
            $"UseOnnxCaptioner(\"{path}\")",
            "Leave one out, or register the other with a key: services.AddKeyedSingleton<IImageCaptioner>(\"name\", (provider, _) => OnnxImageCaptioner.Open(…)).");
        builder.Services.AddSingleton<IImageCaptioner>(services => OnnxImageCaptioner.Open(path, services.GetRequiredService<IImageDecoder>(), options));
        return builder;
    }
}
