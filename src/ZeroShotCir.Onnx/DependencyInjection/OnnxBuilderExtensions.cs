using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Models;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the encoders of a model folder.</summary>
public static class OnnxBuilderExtensions
{
    /// <summary>
    /// Registers an <see cref="OnnxModelFolder"/> and its encoders as <see cref="IImageEncoder"/> and <see cref="ITextEncoder"/>:
    /// singletons that are opened when first asked for and disposed by the container. Images need an <see cref="IImageDecoder"/>.
    /// </summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="path">The model folder.</param>
    /// <param name="options">How it is opened; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    public static ZeroShotCirBuilder UseOnnxModel(this ZeroShotCirBuilder builder, string path, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.AddSingleton(_ => OnnxModelFolder.Open(path, options));
        builder.Services.AddSingleton<IImageEncoder>(services =>
            services.GetRequiredService<OnnxModelFolder>().CreateImageEncoder(services.GetRequiredService<IImageDecoder>()));
        builder.Services.AddSingleton<ITextEncoder>(services => services.GetRequiredService<OnnxModelFolder>().CreateTextEncoder());
        return builder;
    }
}
