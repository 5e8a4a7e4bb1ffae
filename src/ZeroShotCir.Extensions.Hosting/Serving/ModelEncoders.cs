using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Batching;
using ZeroShotCir.Extensions.Hosting.Caching;
using ZeroShotCir.Extensions.Hosting.Configuration;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>The encoders of one model as retrievers get them: with a queue before each, unless that is turned off. All galleries of the model share them.</summary>
internal sealed class ModelEncoders : IAsyncDisposable
{
    private readonly BatchingImageEncoder? _images;
    private readonly BatchingTextEncoder? _texts;

    public ModelEncoders(IServiceProvider services, object? name)
    {
        BatchingOptions options = services.GetRequiredService<IOptions<BatchingOptions>>().Value;
        ImageEncoder = services.GetKeyedService<IImageEncoder>(name);
        TextEncoder = services.GetKeyedService<ITextEncoder>(name);
        ComposedEncoder = services.GetKeyedService<IComposedEncoder>(name);
        if (options.Enabled && ImageEncoder is not null)
        {
            ImageEncoder = _images = new BatchingImageEncoder(ImageEncoder, options);
        }

        if (options.Enabled && TextEncoder is not null)
        {
            TextEncoder = _texts = new BatchingTextEncoder(TextEncoder, options);
        }

        TextEncoder = TextEncoder is null ? null : new CachingTextEncoder(TextEncoder);
    }

    public IImageEncoder? ImageEncoder { get; }

    public ITextEncoder? TextEncoder { get; }

    public IComposedEncoder? ComposedEncoder { get; }

    public async ValueTask DisposeAsync()
    {
        if (_images is not null)
        {
            await _images.DisposeAsync().ConfigureAwait(false);
        }

        if (_texts is not null)
        {
            await _texts.DisposeAsync().ConfigureAwait(false);
        }
    }
}
