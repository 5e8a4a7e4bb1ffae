using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroShotCir.Composition;
using ZeroShotCir.DependencyInjection;
using ZeroShotCir.Diagnostics;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests;

public sealed class HostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Configuration_says_how_is_searched()
    {
        using IHost host = await StartAsync(new()
        {
            ["Gallery:Folder"] = Gallery("gallery", "red", "blue", "green"),
            ["Gallery:Strategy"] = "soft:lambda=0.5",
            ["Gallery:Parameters:lambda"] = "0.25",
            ["Gallery:Alpha"] = "0.3",
            ["Gallery:Beta"] = "0.4",
            ["Gallery:MissingCaptions"] = "EmptyText",
        });
        RetrieverMonitor monitor = host.Services.GetRequiredService<RetrieverMonitor>();

        Assert.Equal("soft:lambda=0.25", monitor.Defaults.Strategy.ToString());
        Assert.Equal((0.3, 0.4, MissingCaptions.EmptyText), (monitor.Defaults.Strategy.Alpha, monitor.Defaults.Beta, monitor.Defaults.MissingCaptions));
        ComposedImageRetriever retriever = host.Services.GetRequiredService<ComposedImageRetriever>();
        Assert.Same(monitor.Current, retriever);
        Assert.Equal("blue", (await retriever.SearchAsync(new ComposedQuery { Text = "blue" }, 1, Cancellation))[0].Id);
    }

    [Theory]
    [InlineData("Gallery:Folder", "nowhere", "does not exist")]
    [InlineData("Gallery:Folder", "", "has no 'manifest.json'")]
    [InlineData("Gallery:Strategy", "magic", "is not known")]
    [InlineData("Gallery:Parameters:lambda", "0.5", "no parameter 'lambda'")]
    [InlineData("Gallery:Alpha", "1.5", "Alpha")]
    [InlineData("Gallery:Beta", "-1", "Beta")]
    [InlineData("Gallery:ReloadInterval", "2.00:00:00", "ReloadInterval")]
    [InlineData("Gallery:Scoring", "7", "Scoring")]
    [InlineData("Batching:QueueLimit", "0", "QueueLimit")]
    [InlineData("Model:Folder", "models/none", "does not exist")]
    [InlineData("Model:Precision", "fp32", "Folder")]
    public async Task What_is_wrong_fails_the_start(string key, string value, string said)
    {
        Dictionary<string, string?> settings = new() { ["Gallery:Folder"] = Gallery("gallery", "red"), [key] = key == "Gallery:Folder" ? _folder.Of(value) : value };

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gallery_of_another_model_fails_the_start()
    {
        string folder = _folder.Of("other");
        Write(folder, new GalleryModel("another model", "another model", 4), "red");

        InvalidGalleryException e = await Assert.ThrowsAsync<InvalidGalleryException>(() => StartAsync(new() { ["Gallery:Folder"] = folder }));
        Assert.Contains("another model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Named_galleries_and_models_are_told_apart_and_relative_folders_count_from_the_content_root()
    {
        Gallery("one", "red");
        Write(_folder.Of("two"), new GalleryModel("other letters", "other letters", 4), "blue", "green");
        Directory.CreateDirectory(_folder.Of("model"));
        HostApplicationBuilder builder = Builder(new()
        {
            ["Galleries:one:Folder"] = "one",
            ["Galleries:two:Folder"] = "two",
            ["Galleries:two:Model"] = "other",
            ["Galleries:two:Strategy"] = "slerp",
            ["Models:other:Folder"] = "model",
        });
        OtherEncoder other = new();
        builder.Services.AddKeyedSingleton<ITextEncoder>("other", other);
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);

        Assert.Equal(["red"], Ids(host.Services.GetRequiredKeyedService<Gallery>("one")));
        Assert.Equal(["blue", "green"], Ids(host.Services.GetRequiredKeyedService<Gallery>("two")));
        Assert.Equal("slerp", host.Services.GetRequiredKeyedService<RetrieverMonitor>("two").Defaults.Strategy.Name);
        Assert.Equal(_folder.Of("model"), host.Services.GetRequiredKeyedService<ConfiguredModel>("other").Folder);
        ComposedImageRetriever retriever = host.Services.GetRequiredKeyedService<ComposedImageRetriever>("two");
        Assert.Equal("green", (await retriever.SearchAsync(new ComposedQuery { Text = "green" }, 1, Cancellation))[0].Id);
        Assert.True(other.Calls > 0);
    }

    [Fact]
    public async Task A_gallery_of_code_is_searched_and_a_second_registration_refused()
    {
        HostApplicationBuilder builder = Builder([]);
        Gallery gallery = ZeroShotCir.Galleries.Gallery.FromEmbeddings(["red"], EmbeddingMatrix.FromRows([CountingEncoder.RowOf("red")]));
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddZeroShotCir(builder.Configuration));
        builder.Services.AddZeroShotCir().UseGallery(gallery);
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);

        Assert.Same(gallery, host.Services.GetRequiredService<ComposedImageRetriever>().Gallery);
        Assert.False(await host.Services.GetRequiredService<RetrieverMonitor>().ReloadAsync(Cancellation));
    }

    [Fact]
    public async Task An_update_by_another_process_is_taken_and_one_that_cannot_be_opened_is_not()
    {
        string folder = Gallery("gallery", "red");
        using IHost host = await StartAsync(new() { ["Gallery:Folder"] = folder, ["Gallery:ReloadInterval"] = "00:00:00.05" });
        RetrieverMonitor monitor = host.Services.GetRequiredService<RetrieverMonitor>();
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        ComposedImageRetriever before = monitor.Current;
        DateTimeOffset opened = monitor.Updated!.Value;
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancellation)).Status);

        Gallery("gallery", "blue");
        await WaitUntil(() => monitor.Current.Gallery!.Count == 2);
        Assert.Equal(["red"], Ids(before.Gallery!));
        Assert.True(monitor.Updated > opened);
        Assert.Equal("blue", (await host.Services.GetRequiredService<ComposedImageRetriever>().SearchAsync(new ComposedQuery { Text = "blue" }, 1, Cancellation))[0].Id);

        string manifest = Path.Combine(folder, "manifest.json");
        byte[] whole = await File.ReadAllBytesAsync(manifest, Cancellation);
        await File.WriteAllTextAsync(manifest, "{", Cancellation);
        await WaitUntil(() => monitor.Failure is not null);
        HealthReport report = await health.CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(2, report.Entries["zeroshotcir"].Data["images"]);
        Assert.Equal("letters", report.Entries["zeroshotcir"].Data["model"]);

        await File.WriteAllBytesAsync(manifest, whole, Cancellation);
        await WaitUntil(() => monitor.Failure is null);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancellation)).Status);
    }

    [Fact]
    public async Task A_text_is_encoded_once_while_other_weights_are_tried()
    {
        HostApplicationBuilder builder = Builder(new() { ["Gallery:Folder"] = Gallery("gallery", "red", "blue"), ["Gallery:WarmUp"] = "false" });
        CountingEncoder encoder = new();
        builder.Services.AddSingleton<ITextEncoder>(encoder);
        using IHost host = builder.Build();
        ComposedImageRetriever retriever = host.Services.GetRequiredService<ComposedImageRetriever>();
        ComposedQuery query = new() { ReferenceId = "red", Text = "blue" };
        float[] scores = new float[5];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (await retriever.SearchAsync(query with { Strategy = CompositionStrategy.Weighted.WithAlpha(i / 4.0) }, 1, Cancellation))[0].Score;
        }

        Assert.Equal([1], encoder.Batches);
        Assert.True(scores.Distinct().Count() > 1);
        await retriever.SearchAsync(query with { Text = "green" }, 1, Cancellation);
        Assert.Equal([1, 1], encoder.Batches);
    }

    [Fact]
    public async Task A_query_is_traced_and_measured()
    {
        List<Activity> activities = [];
        Dictionary<string, double> measured = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Add(() => activities.Add(activity)),
        };
        ActivitySource.AddActivityListener(listener);
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(() => measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value));
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(() => measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value));
        meters.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(() => measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value));
        meters.Start();
        using IHost host = await StartAsync(new() { ["Gallery:Folder"] = Gallery("gallery", "red", "blue"), ["Gallery:WarmUp"] = "false" });
        using ActivitySource own = new("own");
        using Activity root = new Activity("root").Start();

        await host.Services.GetRequiredService<ComposedImageRetriever>().SearchAsync(new ComposedQuery { Text = "blue" }, 1, Cancellation);

        Activity[] mine = [.. activities.Where(activity => activity.TraceId == root.TraceId)];
        Activity search = Assert.Single(mine, activity => activity.OperationName == "search");
        Assert.Equal(["encode", "scan", "search"], mine.Select(activity => activity.OperationName).Order());
        Assert.All(mine.Where(activity => activity != search), activity => Assert.Equal(search.SpanId, activity.ParentSpanId));
        Assert.Equal("weighted", search.GetTagItem("zeroshotcir.strategy"));
        Assert.True(measured["zeroshotcir.search.queries"] >= 1);
        Assert.True(measured["zeroshotcir.encode.inputs"] >= 1);
        Assert.True(measured["zeroshotcir.encode.batch_size"] >= 1);
        Assert.True(measured["zeroshotcir.search.duration"] > 0);
        Assert.True(measured["zeroshotcir.cache.requests"] >= 1);

        void Add(Action add)
        {
            lock (measured)
            {
                add();
            }
        }
    }

    private string Gallery(string name, params string[] ids)
    {
        Write(_folder.Of(name), new GalleryModel("letters", "letters", 4), ids);
        return _folder.Of(name);
    }

    private static void Write(string folder, GalleryModel model, params string[] ids)
    {
        using GalleryWriter writer = GalleryWriter.Open(folder, model);
        foreach (string id in ids)
        {
            writer.Add(new GalleryEntry(id, CountingEncoder.RowOf(id)));
        }

        writer.Commit();
    }

    private static IEnumerable<string> Ids(Gallery gallery) => Enumerable.Range(0, gallery.Count).Select(gallery.IdOf);

    private HostApplicationBuilder Builder(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.Path });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"ZeroShotCir:{setting.Key}", setting.Value)));
        builder.Services.AddSingleton<ITextEncoder>(new CountingEncoder());
        builder.Services.AddZeroShotCir(builder.Configuration);
        builder.Services.AddHealthChecks().AddZeroShotCir();
        return builder;
    }

    private async Task<IHost> StartAsync(Dictionary<string, string?> settings)
    {
        IHost host = Builder(settings).Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, Cancellation);
        }
    }

    private sealed class OtherEncoder : ITextEncoder
    {
        private readonly CountingEncoder _letters = new();

        public EncoderInfo Info { get; } = new("other letters", 4, isUnitLength: false);

        public int Calls { get; private set; }

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            Calls++;
            return _letters.EncodeAsync(texts, destination, cancellationToken);
        }
    }
}
