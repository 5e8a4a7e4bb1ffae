using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the encoders of a model folder.</summary>
public static class OnnxBuilderExtensions
{
    /// <summary>
    /// Registers an <see cref="OnnxModelFolder"/> and its encoders as <see cref="IImageEncoder"/> and <see cref="ITextEncoder"/>:
    /// singletons that are opened when first asked for and disposed by the container. Images need an <see cref="IImageDecoder"/>. A model
    /// that composes (<see cref="OnnxModelFolder.Composes"/>) is an <see cref="IComposedEncoder"/>, too; of another one,
    /// <c>GetService&lt;IComposedEncoder&gt;()</c> is <see langword="null"/>. Texts are queries; captions of a gallery need
    /// <see cref="OnnxModelFolder.CreateTextEncoder"/> with <see cref="EncodingRole.Document"/> where a model makes a difference.
    /// </summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="path">The model folder.</param>
    /// <param name="options">How it is opened; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">There is a model without a name already; a second one needs a name.</exception>
    public static ZeroShotCirBuilder UseOnnxModel(this ZeroShotCirBuilder builder, string path, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Registration.ThrowIfTwice<OnnxModelFolder>(
            builder.Services,
            $"UseOnnxModel(\"{path}\")",
            $"Give a second model a name, UseOnnxModel(\"name\", \"{path}\"), and ask for its encoders by that name, such as [FromKeyedServices(\"name\")] IImageEncoder.");
        builder.Services.AddSingleton(_ => OnnxModelFolder.Open(path, options));
        builder.Services.AddSingleton<IImageEncoder>(services => services.GetRequiredService<OnnxModelFolder>().CreateImageEncoder(Decoder(services)));
        builder.Services.AddSingleton<ITextEncoder>(services => services.GetRequiredService<OnnxModelFolder>().CreateTextEncoder());
        builder.Services.AddSingleton<IComposedEncoder>(services => Composed(services.GetRequiredService<OnnxModelFolder>(), services));
        return builder;
    }

    /// <summary>
    /// Registers a further model under a name: its <see cref="OnnxModelFolder"/>, <see cref="IImageEncoder"/>, <see cref="ITextEncoder"/> and,
    /// where it composes, <see cref="IComposedEncoder"/> are keyed singletons, asked for by <c>[FromKeyedServices("name")]</c> or <c>GetRequiredKeyedService</c>.
    /// </summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="name">The name, which no other model has.</param>
    /// <param name="path">The model folder.</param>
    /// <param name="options">How it is opened; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">Another model has the name.</exception>
    public static ZeroShotCirBuilder UseOnnxModel(this ZeroShotCirBuilder builder, string name, string path, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (builder.Services.Any(service => service.ServiceType == typeof(OnnxModelFolder) && service.IsKeyedService && name.Equals(service.ServiceKey)))
        {
            throw new InvalidOperationException($"A model is registered under the name '{name}' already. Give '{path}' another name.");
        }

        builder.Services.AddKeyedSingleton(name, (_, _) => OnnxModelFolder.Open(path, options));
        builder.Services.AddKeyedSingleton<IImageEncoder>(name, (services, _) => services.GetRequiredKeyedService<OnnxModelFolder>(name).CreateImageEncoder(Decoder(services)));
        builder.Services.AddKeyedSingleton<ITextEncoder>(name, (services, _) => services.GetRequiredKeyedService<OnnxModelFolder>(name).CreateTextEncoder());
        builder.Services.AddKeyedSingleton<IComposedEncoder>(name, (services, _) => Composed(services.GetRequiredKeyedService<OnnxModelFolder>(name), services));
        return builder;
    }

    /// <summary>
    /// Registers the models that the application's configuration names, as <c>AddZeroShotCir(configuration)</c> of
    /// ZeroShotCir.Extensions.Hosting read them: the one without a name, and the others as keyed singletons.
    /// </summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="options">What configuration does not say; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="InvalidOperationException">No model is configured, or one was registered already.</exception>
    public static ZeroShotCirBuilder UseOnnxModel(this ZeroShotCirBuilder builder, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        object?[] keys = [.. builder.Services.Where(service => service.ServiceType == typeof(ConfiguredModel)).Select(service => service.ServiceKey)];
        if (keys.Length == 0)
        {
            throw new InvalidOperationException(
                "UseOnnxModel() takes the model's folder from configuration, and none is configured. "
                + "Call AddZeroShotCir(configuration) with Model:Folder before it, or name the folder: UseOnnxModel(\"models/clip\").");
        }

        foreach (object? key in keys)
        {
            if (builder.Services.Any(service => service.ServiceType == typeof(OnnxModelFolder) && Equals(service.ServiceKey, key)))
            {
                throw new InvalidOperationException(
                    $"{(key is null ? "A model without a name" : $"The model '{key}'")} is both configured and registered in code. "
                    + "Leave one out, or give one of them another name.");
            }

            builder.Services.AddKeyedSingleton(key, (services, _) => Open(services.GetRequiredKeyedService<ConfiguredModel>(key), options ?? new OnnxModelOptions()));
            builder.Services.AddKeyedSingleton<IImageEncoder>(key, (services, _) => services.GetRequiredKeyedService<OnnxModelFolder>(key).CreateImageEncoder(Decoder(services)));
            builder.Services.AddKeyedSingleton<ITextEncoder>(key, (services, _) => services.GetRequiredKeyedService<OnnxModelFolder>(key).CreateTextEncoder());
            builder.Services.AddKeyedSingleton<IComposedEncoder>(key, (services, _) => Composed(services.GetRequiredKeyedService<OnnxModelFolder>(key), services));
        }

        return builder;
    }

    private static OnnxModelFolder Open(ConfiguredModel model, OnnxModelOptions options) => OnnxModelFolder.Open(model.Folder, new OnnxModelOptions(options)
    {
        Precision = model.Precision is { } precision ? ModelPrecision.Parse(precision) : options.Precision,
        BatchSize = model.BatchSize ?? options.BatchSize,
        Execution = new OnnxExecutionOptions(options.Execution) { Threads = model.Threads ?? options.Execution.Threads },
    });

    // Whether a model composes is known when its folder is opened, not when it is registered: then there is no such service after all.
    private static OnnxComposedEncoder Composed(OnnxModelFolder model, IServiceProvider services) => model.Composes ? model.CreateComposedEncoder(Decoder(services)) : null!;

    // Texts need no decoder, and whoever searches by them alone registers none.
    private static IImageDecoder Decoder(IServiceProvider services) => services.GetService<IImageDecoder>() ?? new MissingImageDecoder();
}
