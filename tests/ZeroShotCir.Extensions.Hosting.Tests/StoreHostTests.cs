using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Stores;

namespace ZeroShotCir.Tests;

/// <summary>A host that searches a store instead of a gallery folder.</summary>
public sealed class StoreHostTests
{
    private static readonly string[] Ids = ["red", "blue", "green"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_is_searched_with_its_own_weight_until_it_is_refolded()
    {
        MemoryStore store = await MemoryStore.CreateAsync(GalleryOf("letters"), 0.3, cancellationToken: Cancellation);
        using IHost host = await StartAsync(store, new() { ["Gallery:ReloadInterval"] = "00:00:00.05" });
        RetrieverMonitor monitor = host.Services.GetRequiredService<RetrieverMonitor>();

        Assert.Equal(0.3, monitor.Defaults.Beta);
        Assert.Same(store, monitor.Store);
        Assert.Null(monitor.Gallery);
        Assert.Equal("blue", (await monitor.Current.SearchAsync(new ComposedQuery { Text = "blue" }, 1, Cancellation))[0].Id);

        ComposedImageRetriever before = monitor.Current;
        await store.SetDescriptionAsync(Description("letters", 0.6), Cancellation);
        while (monitor.Defaults.Beta == 0.3)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal(0.6, monitor.Defaults.Beta);
        Assert.NotSame(before, monitor.Current);
    }

    [Fact]
    public async Task What_configuration_says_goes_before_the_stores_weight()
    {
        MemoryStore store = await MemoryStore.CreateAsync(GalleryOf("letters"), 0.3, cancellationToken: Cancellation);
        using IHost host = await StartAsync(store, new() { ["Gallery:Beta"] = "0.5" });
        Assert.Equal(0.5, host.Services.GetRequiredService<RetrieverMonitor>().Defaults.Beta);
    }

    [Fact]
    public async Task A_store_that_holds_nothing_or_rows_of_another_model_fails_the_start()
    {
        InvalidGalleryException empty = await Assert.ThrowsAsync<InvalidGalleryException>(() => StartAsync(new MemoryStore(), []));
        Assert.Contains("holds no gallery", empty.Message, StringComparison.Ordinal);

        MemoryStore other = await MemoryStore.CreateAsync(GalleryOf("another model"), 0.3, cancellationToken: Cancellation);
        InvalidGalleryException refused = await Assert.ThrowsAsync<InvalidGalleryException>(() => StartAsync(other, []));
        Assert.Contains("another model", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_of_a_store_that_is_not_whole_and_of_one_that_lost_its_gallery()
    {
        MemoryStore store = await MemoryStore.CreateAsync(GalleryOf("letters"), 0.3, cancellationToken: Cancellation);
        using IHost host = await StartAsync(store, []);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();

        HealthReport report = await health.CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(3L, report.Entries["zeroshotcir"].Data["images"]);
        Assert.Equal("letters", report.Entries["zeroshotcir"].Data["model"]);

        await store.SetDescriptionAsync(Description("letters", 0.3, isWhole: false), Cancellation);
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync(Cancellation)).Status);
        await store.SetDescriptionAsync(null!, Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancellation)).Status);
    }

    [Fact]
    public async Task A_second_store_is_refused_and_an_application_without_configuration_searches_one_too()
    {
        MemoryStore store = await MemoryStore.CreateAsync(GalleryOf("letters"), 0.3, cancellationToken: Cancellation);
        ServiceCollection services = new();
        services.AddSingleton<ITextEncoder>(new CountingEncoder());
        services.AddZeroShotCir().UseStore(store);
        Assert.Throws<InvalidOperationException>(() => services.AddZeroShotCir().UseStore(store));
        await using ServiceProvider provider = services.BuildServiceProvider();

        ComposedImageRetriever retriever = provider.GetRequiredService<ComposedImageRetriever>();
        Assert.Equal("green", (await retriever.SearchAsync(new ComposedQuery { Text = "green" }, 1, Cancellation))[0].Id);
        Assert.Same(store, retriever.GetService(typeof(IGalleryStore)));
    }

    private static Gallery GalleryOf(string model) => Gallery.FromEmbeddings(
        Ids, EmbeddingMatrix.FromRows([.. Ids.Select(CountingEncoder.RowOf)]), model: new GalleryModel(model, model, 4));

    private static StoreDescription Description(string model, double beta, bool isWhole = true)
        => new(4, beta) { Model = new GalleryModel(model, model, 4), Rows = 3, KeepsParts = true, IsWhole = isWhole };

    private static async Task<IHost> StartAsync(IGalleryStore store, Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"ZeroShotCir:{setting.Key}", setting.Value)));
        builder.Services.AddSingleton<ITextEncoder>(new CountingEncoder());
        builder.Services.AddZeroShotCir(builder.Configuration).UseStore(store);
        builder.Services.AddHealthChecks().AddZeroShotCir();
        IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}
