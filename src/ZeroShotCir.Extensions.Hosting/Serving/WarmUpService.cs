using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Logging;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>Opens models and galleries while the application starts, and uses each once: a wrong one fails the start, and no request pays for it.</summary>
internal sealed class WarmUpService(IServiceProvider services, GalleryNames names, ILogger<WarmUpService> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string? name in names.All)
        {
            RetrieverMonitor monitor = services.GetRequiredKeyedService<RetrieverMonitor>(name);
            if (!monitor.WarmsUp)
            {
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            await WarmUpAsync(monitor, cancellationToken).ConfigureAwait(false);
            Log.WarmedUp(logger, monitor.Title, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task WarmUpAsync(RetrieverMonitor monitor, CancellationToken cancellationToken)
    {
        OpenedRetriever opened = await monitor.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (monitor.Encoders.TextEncoder is { } encoder)
        {
            await encoder.EncodeAsync("a picture", cancellationToken).ConfigureAwait(false);
        }

        if (FirstQuery(opened, monitor.Encoders.TextEncoder is not null) is { } query)
        {
            await opened.Retriever.SearchAsync(query, 1, cancellationToken).ConfigureAwait(false);
        }
    }

    // The index is made by the first search, and a store's model looked at; the strategy of this one needs nothing but an image or a text.
    private static ComposedQuery? FirstQuery(OpenedRetriever opened, bool readsTexts)
    {
        if (opened.Store is not null)
        {
            return readsTexts ? new ComposedQuery { Text = "a picture", Strategy = CompositionStrategy.Weighted } : null;
        }

        Gallery gallery = opened.Gallery!;
        int first = Enumerable.Range(0, gallery.OrdinalCount).FirstOrDefault(ordinal => !gallery.IsRemoved(ordinal), -1);
        return first < 0 ? null : new ComposedQuery { ReferenceId = gallery.IdOf(first), Strategy = CompositionStrategy.Weighted };
    }
}
