using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Embeddings;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the encoders of an embedding service.</summary>
public static class HttpBuilderExtensions
{
    /// <summary>
    /// Registers an <see cref="HttpEmbeddingModel"/> and its encoders as <see cref="IImageEncoder"/>, <see cref="ITextEncoder"/> (of queries) and
    /// <see cref="IComposedEncoder"/>. A registered <see cref="HttpClient"/> sends the requests, or one of its own.
    /// </summary>
    /// <param name="builder">The registration to add to.</param>
    /// <param name="name">Service and model, such as <c>voyage:voyage-multimodal-3.5</c>.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <returns>The same registration, to chain on.</returns>
    /// <exception cref="ArgumentException">The name or the options cannot be used.</exception>
    /// <exception cref="InvalidOperationException">There are encoders already.</exception>
    public static ZeroShotCirBuilder UseHttpEmbeddings(this ZeroShotCirBuilder builder, string name, HttpEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Registration.ThrowIfTwice<IImageEncoder>(
            builder.Services, $"UseHttpEmbeddings(\"{name}\")", "Register one model; make further ones by HttpEmbeddingModel.Open.");
        HttpEmbeddingModel Open(HttpClient http) => HttpEmbeddingModel.Open(name, http, options);
        using (HttpClient unused = new())
        {
            _ = Open(unused);
        }

        builder.Services.AddSingleton(services => Open(services.GetService<HttpClient>() ?? new HttpClient { Timeout = Timeout.InfiniteTimeSpan }));
        builder.Services.AddSingleton(services => services.GetRequiredService<HttpEmbeddingModel>().CreateImageEncoder());
        builder.Services.AddSingleton(services => services.GetRequiredService<HttpEmbeddingModel>().CreateTextEncoder());
        builder.Services.AddSingleton(services => services.GetRequiredService<HttpEmbeddingModel>().CreateComposedEncoder());
        return builder;
    }
}
